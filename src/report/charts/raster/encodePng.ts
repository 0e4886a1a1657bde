import { crc32, deflateSync } from 'node:zlib';
import type { Canvas } from './canvas.js';

/** A picture as PNG. */
export function encodePng({ width, height, rows }: Pick<Canvas, 'width' | 'height' | 'rows'>): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // Eight bits a channel, colours without transparency.
  header.set([8, 2], 8);
  const data = deflateSync(rows, { level: 1, chunkSize: 1 << 18 });
  const bytes = new Uint8Array(signature.length + 3 * chunkOverhead + header.length + data.length);
  bytes.set(signature);
  let at = signature.length;
  for (const [name, content] of [['IHDR', header], ['IDAT', data], ['IEND', new Uint8Array(0)]] as const) at = putChunk(bytes, at, name, content);
  return bytes;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Length, name and checksum. */
const chunkOverhead = 12;

function putChunk(bytes: Uint8Array, at: number, name: string, content: Uint8Array): number {
  const view = new DataView(bytes.buffer);
  const end = at + 8 + content.length;
  view.setUint32(at, content.length);
  bytes.set(new TextEncoder().encode(name), at + 4);
  bytes.set(content, at + 8);
  view.setUint32(end, crc32(bytes.subarray(at + 4, end)));
  return end + 4;
}
