// A zip file of pictures: stored, for they are compressed already.

import { crc32 } from "./png.js";

/** @param {{name: string, bytes: Uint8Array}[]} files */
export function zip(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const file of files) {
    const name = new TextEncoder().encode(file.name);
    const crc = crc32(file.bytes);
    const record = (signature, extra) => {
      const bytes = new Uint8Array((signature === 0x02014b50 ? 32 : 30) + extra.length);
      const view = new DataView(bytes.buffer);
      view.setUint32(0, signature, true);
      let at = 4;
      if (signature === 0x02014b50) {
        view.setUint16(at, 20, true);
        at += 2;
      }
      view.setUint16(at, 20, true);
      // The name is UTF-8.
      view.setUint16(at + 2, 0x800, true);
      view.setUint32(at + 10, crc, true);
      view.setUint32(at + 14, file.bytes.length, true);
      view.setUint32(at + 18, file.bytes.length, true);
      view.setUint16(at + 22, name.length, true);
      bytes.set(extra, at + 26);
      return bytes;
    };
    const local = record(0x04034b50, new Uint8Array(0));
    parts.push(local, name, file.bytes);
    const position = new Uint8Array(14);
    new DataView(position.buffer).setUint32(10, offset, true);
    directory.push(record(0x02014b50, position), name);
    offset += local.length + name.length + file.bytes.length;
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0);
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, files.length, true);
  view.setUint16(10, files.length, true);
  view.setUint32(12, length, true);
  view.setUint32(16, offset, true);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}
