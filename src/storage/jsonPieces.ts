const pieceLength = 1 << 20;

/** The bytes of `JSON.stringify(value, null, 2)` and a line end, in pieces of about a megabyte: lists of the object come item by item. */
export async function* jsonPieces(value: Readonly<Record<string, unknown>>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = '';
  for (const part of partsOf(value)) {
    text += part;
    if (text.length < pieceLength) continue;
    yield encoder.encode(text);
    text = '';
  }
  yield encoder.encode(text);
}

function* partsOf(value: Readonly<Record<string, unknown>>): Generator<string> {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  yield '{';
  for (const [at, [key, member]] of members.entries()) {
    yield `${at === 0 ? '' : ','}\n  ${JSON.stringify(key)}: `;
    if (!Array.isArray(member) || member.length === 0) {
      yield indented(member, '  ');
      continue;
    }
    for (const [n, item] of member.entries()) yield `${n === 0 ? '[' : ','}\n    ${indented(item, '    ')}`;
    yield '\n  ]';
  }
  yield members.length === 0 ? '}\n' : '\n}\n';
}

/** Texts in JSON have no line ends of their own. */
function indented(value: unknown, by: string): string {
  return (JSON.stringify(value, null, 2) ?? 'null').replaceAll('\n', `\n${by}`);
}
