const byte = { quote: 0x22, comma: 0x2c, backslash: 0x5c, open: 0x5b, close: 0x5d, begin: 0x7b, end: 0x7d } as const;

/** What is done with an item; where that takes time, reading waits. */
export type VisitItem = (item: unknown) => void | Promise<void>;

/**
 * Reads the JSON text of an object that comes in pieces. Of the members named in `visit` that are lists, each item is given to
 * its function and then forgotten; in the answer they are empty lists. So a text of any length takes the memory of one item
 * and of all other members.
 * Errors: SyntaxError where the text is no JSON object.
 */
export async function readJsonLists(pieces: AsyncIterable<Uint8Array>, visit: Readonly<Record<string, VisitItem>>): Promise<Record<string, unknown>> {
  const members: string[] = [];
  /** The text since the last comma or bracket that counts, as far as it came in earlier pieces. */
  let before = Buffer.alloc(0);
  let depth = 0;
  let inText = false;
  let escaped = false;
  let ended = false;
  let waiting: void | Promise<void> = undefined;
  let list: { readonly key: string; readonly visit: VisitItem } | undefined;

  for await (const piece of pieces) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let start = 0;
    const take = (to: number): string => {
      const text = (before.length > 0 ? Buffer.concat([before, bytes.subarray(start, to)]) : bytes.subarray(start, to)).toString('utf8');
      before = Buffer.alloc(0);
      start = to + 1;
      return text;
    };
    const endItem = (to: number): void | Promise<void> => {
      const text = take(to);
      return text.trim() === '' ? undefined : list!.visit(JSON.parse(text));
    };
    const endMember = (to: number): void => {
      const text = take(to);
      if (list) {
        if (text.trim() !== '') throw new SyntaxError(`something stands behind the list "${list.key}"`);
        members.push(`${JSON.stringify(list.key)}:[]`);
      } else if (text.trim() !== '') members.push(text);
      list = undefined;
    };
    for (let at = 0; at < bytes.length; at++) {
      const now = bytes[at]!;
      if (inText) {
        if (escaped) escaped = false;
        else if (now === byte.backslash) escaped = true;
        else if (now === byte.quote) inText = false;
        continue;
      }
      if (now === byte.quote) inText = true;
      else if (now === byte.begin || now === byte.open) {
        depth++;
        if (depth === 1) {
          if (take(at).trim() !== '' || now !== byte.begin || ended) throw new SyntaxError('the text is no JSON object');
        } else if (depth === 2 && now === byte.open && list === undefined) {
          const key = keyOf(Buffer.concat([before, bytes.subarray(start, at)]).toString('utf8'));
          const found = key === undefined || !Object.hasOwn(visit, key) ? undefined : visit[key];
          if (found) {
            list = { key: key!, visit: found };
            take(at);
          }
        }
      } else if (now === byte.end || now === byte.close) {
        if (depth === 2 && list) waiting = endItem(at);
        else if (depth === 1) {
          endMember(at);
          ended = true;
        }
        depth--;
      } else if (now === byte.comma) {
        if (depth === 2 && list) waiting = endItem(at);
        else if (depth === 1) endMember(at);
      }
      if (waiting) await waiting;
      waiting = undefined;
    }
    before = Buffer.concat([before, bytes.subarray(start)]);
  }
  if (!ended || depth !== 0 || before.toString('utf8').trim() !== '') throw new SyntaxError('the text ends before the JSON object does, or goes on behind it');
  return JSON.parse(`{${members.join(',')}}`) as Record<string, unknown>;
}

/** Of `"key":`, and of nothing else. */
function keyOf(text: string): string | undefined {
  const found = /^\s*("(?:[^"\\]|\\.)*")\s*:\s*$/.exec(text)?.[1];
  return found === undefined ? undefined : JSON.parse(found) as string;
}
