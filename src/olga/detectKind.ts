import { decodeText, textBytes } from './textBytes.js';

export type OlgaKind = 'trend' | 'profile' | 'genkey';

const firstStatements =
  /^(OPTIONS|CASE|FILES|INTEGRATION|OUTPUT|TREND|PROFILE|RESTART|ANIMATE|SERVER|MATERIAL|WALL|NETWORKCOMPONENT|BLACKOIL\w*|FEED|COMPOPTIONS|BRANCH|GEOMETRY|NODE)\b.*=/i;

/**
 * What a file is, by its content: `trend` (.tpl), `profile` (.ppl), `genkey` (.genkey, .key), or undefined for anything
 * else. The first few kilobytes are enough.
 */
export function detectKind(bytes: Uint8Array): OlgaKind | undefined {
  const lines = headText(bytes).split(/\r\n|\n|\r/).map((line) => line.trim()).filter((line) => line !== '');
  const first = lines[0] ?? '';
  if (/^'OLGA\b.*'$/i.test(first)) {
    const kind = (lines[1] ?? '').toUpperCase();
    return kind === 'TIME PLOT' ? 'trend' : kind === 'PROFILE PLOT' ? 'profile' : undefined;
  }
  if (lines.some((line) => /^!\s*Generated with OLGA\b/i.test(line))) return 'genkey';
  const statement = lines.find((line) => !line.startsWith('!'));
  return statement !== undefined && firstStatements.test(statement) ? 'genkey' : undefined;
}

function headText(bytes: Uint8Array): string {
  return decodeText(textBytes(bytes.subarray(0, 1 << 16)).bytes).text;
}
