/**
 * Reads the `values` codes of a dictionary page: their width in bits, then runs of one code and groups of eight packed ones. `put` is called for each
 * run, in order, and says whether there is such a code. False where the bytes are not just that.
 * Format: https://parquet.apache.org/docs/file-format/data-pages/encodings/ (RLE / bit-packing hybrid)
 */
export function readCodes(bytes: Uint8Array, size: number, values: number, put: (at: number, count: number, code: number) => boolean): boolean {
  const width = bytes[0]!;
  if (size < 1 || width > 24) return false;
  let at = 1;
  let done = 0;
  while (done < values) {
    let head = 0;
    for (let scale = 1; ; scale *= 128) {
      if (at >= size || scale > 2 ** 35) return false;
      const byte = bytes[at++]!;
      head += (byte & 127) * scale;
      if (byte < 128) break;
    }
    const count = Math.floor(head / 2);
    if (head % 2 === 0) {
      const code = littleEndian(bytes, at, (width + 7) >> 3);
      at += (width + 7) >> 3;
      if (at > size || count === 0 || done + count > values || !put(done, count, code)) return false;
      done += count;
      continue;
    }
    const end = at + count * width;
    if (end > size || count === 0) return false;
    // The last group is filled up.
    const stop = Math.min(values, done + 8 * count);
    if (stop - done <= 8 * (count - 1)) return false;
    let [bits, held] = [0, 0];
    for (; done < stop; done++) {
      for (; held < width; held += 8) bits += bytes[at++]! * 2 ** held;
      const code = bits % 2 ** width;
      bits = Math.floor(bits / 2 ** width);
      held -= width;
      if (!put(done, 1, code)) return false;
    }
    at = end;
  }
  return at === size;
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let n = count - 1; n >= 0; n--) value = value * 256 + (bytes[at + n] ?? 0);
  return value;
}
