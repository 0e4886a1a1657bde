/** What a Parquet file begins and ends with. */
export const magic = Uint8Array.from([0x50, 0x41, 0x52, 0x31]);

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
