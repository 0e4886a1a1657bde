/** Longer texts live long enough to count as old when V8 collects: with pieces of a megabyte, publishing 10,000 cases took 30 MB more. */
const pieceLength = 1 << 16;

/**
 * The bytes of `JSON.stringify(value, null, 2)` and a line end, in pieces of some 64 KB: lists of the object come item by
 * item, and what can be iterated piece by piece is written as a list.
 */
export async function* jsonPieces(value: Readonly<Record<string, unknown>>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = '';
  for await (const part of partsOf(value)) {
    text += part;
    if (text.length < pieceLength) continue;
    yield encoder.encode(text);
    text = '';
  }
  yield encoder.encode(text);
}

async function* partsOf(value: Readonly<Record<string, unknown>>): AsyncGenerator<string> {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  yield '{';
  for (const [at, [key, member]] of members.entries()) {
    yield `${at === 0 ? '' : ','}\n  ${JSON.stringify(key)}: `;
    if (isAsyncIterable(member)) yield* listed(member);
    else if (Array.isArray(member)) yield* listed(member as unknown[]);
    else yield indented(member, '  ');
  }
  yield members.length === 0 ? '}\n' : '\n}\n';
}

async function* listed(items: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<string> {
  let count = 0;
  for await (const item of items) yield `${count++ === 0 ? '[' : ','}\n    ${indented(item, '    ')}`;
  yield count === 0 ? '[]' : '\n  ]';
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** Texts in JSON have no line ends of their own. */
function indented(value: unknown, by: string): string {
  return (JSON.stringify(value, null, 2) ?? 'null').replaceAll('\n', `\n${by}`);
}
