import { PenstockError } from '../../errors/index.js';

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const localEntry = 0x04034b50;

/** 1 January 1980, 00:00: the first moment a zip archive can name. */
const firstTime = 0;
const firstDate = 0x21;

/**
 * Sets the time of every entry of a zip archive to 1980-01-01, in place, so that the same content is the same bytes.
 * Throws where the bytes are no zip archive.
 */
export function fixZipTimes(zip: Uint8Array): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = findEnd(view);
  const entries = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < entries; i++) {
    expectSignature(view, at, directoryEntry);
    setTime(view, at + 12);
    const local = view.getUint32(at + 42, true);
    expectSignature(view, local, localEntry);
    setTime(view, local + 10);
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return zip;
}

function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= 0; at--) if (view.getUint32(at, true) === endOfDirectory) return at;
  throw new PenstockError('internal', 'the workbook is not a zip archive: it has no directory');
}

function expectSignature(view: DataView, at: number, signature: number): void {
  if (at + 4 <= view.byteLength && view.getUint32(at, true) === signature) return;
  throw new PenstockError('internal', `the workbook is not a whole zip archive: no entry at byte ${at}`);
}

function setTime(view: DataView, at: number): void {
  view.setUint16(at, firstTime, true);
  view.setUint16(at + 2, firstDate, true);
}
