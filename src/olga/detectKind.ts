import { decodeText, textBytes } from './textBytes.js';

export type OlgaKind = 'trend' | 'profile' | 'genkey';

const firstStatements =
  /^(OPTIONS|CASE|FILES|INTEGRATION|OUTPUT|TREND|PROFILE|RESTART|ANIMATE|SERVER|MATERIAL|WALL|NETWORKCOMPONENT|BLACKOIL\w*|FEED|COMPOPTIONS|BRANCH|GEOMETRY|NODE)\b.*=/i;

/**
 * What a file is, by its content: `trend` (.tpl), `profile` (.ppl), `genkey` (.genkey, .key), or undefined for anything
 * else. The first few kilobytes are enough.
 */
export function detectKind(bytes: Uint8Array): OlgaKind | undefined {
  const text = headText(bytes);
  const [first = '', second = ''] = fullLines(text, 2);
  if (/^'OLGA\b.*'$/i.test(first)) {
    const kind = second.toUpperCase();
    return kind === 'TIME PLOT' ? 'trend' : kind === 'PROFILE PLOT' ? 'profile' : undefined;
  }
  if (/^[^\S\r\n]*![^\S\r\n]*Generated with OLGA\b/im.test(text)) return 'genkey';
  const statement = fullLines(text).find((line) => !line.startsWith('!'));
  return statement !== undefined && firstStatements.test(statement) ? 'genkey' : undefined;
}

/** The first lines that are not blank, trimmed: mostly two of them tell enough. */
function fullLines(text: string, most = Infinity): string[] {
  const lines: string[] = [];
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    const trimmed = line.trim();
    if (trimmed !== '' && lines.push(trimmed) >= most) break;
  }
  return lines;
}

function headText(bytes: Uint8Array): string {
  return decodeText(textBytes(bytes.subarray(0, 1 << 16)).bytes).text;
}
