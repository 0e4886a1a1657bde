import type { LineCursor } from './lineCursor.js';
import type { TplHeader, Warning } from './tplFile.js';

/** The part of a header that the cases of a campaign share: all behind the pairs of keys and values. */
export type TplLayout = Pick<TplHeader, 'geometry' | 'variables' | 'timeUnit'>;

interface KnownLayout {
  readonly stop: string;
  readonly bytes: Uint8Array;
  readonly lines: number;
  readonly endings: LineCursor['endings'];
  readonly encodings: LineCursor['encodings'];
  readonly layout: TplLayout;
}

/** The last one that was read without a warning. */
let known: KnownLayout | undefined;
const longestKnown = 1 << 20;

/** What `read` makes of the bytes behind the line `stop`; where they are those of the last header, without reading them again. */
export function rereadOr(cursor: LineCursor, stop: string, warnings: readonly Warning[], read: () => TplLayout): TplLayout {
  if (known?.stop === stop && standsAt(known.bytes, cursor)) {
    cursor.at += known.bytes.length;
    cursor.line += known.lines;
    for (const ending of known.endings) cursor.endings.add(ending);
    for (const encoding of known.encodings) cursor.encodings.add(encoding);
    return ownCopy(known.layout);
  }
  const { at, line } = cursor;
  const quiet = warnings.length;
  // What is met in these lines alone.
  const before = [new Set(cursor.endings), new Set(cursor.encodings)] as const;
  cursor.endings.clear();
  cursor.encodings.clear();
  const layout = read();
  const [endings, encodings] = [new Set(cursor.endings), new Set(cursor.encodings)];
  for (const ending of before[0]) cursor.endings.add(ending);
  for (const encoding of before[1]) cursor.encodings.add(encoding);
  // A CR at the end may be half of a line end.
  if (warnings.length === quiet && cursor.at - at <= longestKnown && cursor.bytes[cursor.at - 1] === 10) {
    known = { stop, bytes: cursor.bytes.slice(at, cursor.at), lines: cursor.line - line, endings, encodings, layout: ownCopy(layout) };
  }
  return layout;
}

function standsAt(expected: Uint8Array, { bytes, at }: LineCursor): boolean {
  return bytes.length - at >= expected.length && Buffer.compare(bytes.subarray(at, at + expected.length), expected) === 0;
}

/** Numbers belong to whoever receives them. */
function ownCopy({ geometry, variables, timeUnit }: TplLayout): TplLayout {
  return { geometry: { ...geometry, branches: geometry.branches.map((branch) => ({ ...branch, x: branch.x.slice(), y: branch.y.slice() })) }, variables: [...variables], timeUnit };
}
