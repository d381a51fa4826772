// Holes, lines and labels as gray PNG files, and the checksum that they share with zip files.

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? 0xedb88320 ^ (byte >>> 1) : byte >>> 1;
  return byte;
});

/** CRC-32 as of PNG and zip. */
export function crc32(bytes) {
  let crc = 0xffffffff;
  for (let index = 0; index < bytes.length; index++) crc = table[(crc ^ bytes[index]) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Parts of bytes, one after the other, in the format of zlib. They may change as soon as this was called. */
export async function deflated(...parts) {
  const stream = new Blob(parts).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** What was deflated. */
export async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function chunk(kind, data) {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(kind), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/**
 * A gray PNG of one bit a pixel: white where a value is not 0.
 * @param {Uint8Array} values height * width values, rows from the top
 */
export async function encodeBits(values, width, height) {
  const stride = Math.ceil(width / 8);
  const rows = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    const row = y * (stride + 1) + 1;
    for (let x = 0; x < width; x++) {
      if (values[y * width + x]) rows[row + (x >> 3)] |= 128 >> (x & 7);
    }
  }
  return encode(rows, width, height, 1);
}

/**
 * A gray PNG of a byte a pixel.
 * @param {Uint8Array} values height * width values, rows from the top
 */
export async function encodeBytes(values, width, height) {
  return encode(byteRows(values, width, height), width, height, 8);
}

/**
 * An indexed PNG of a byte a pixel.
 * @param {Uint8Array} values height * width indices, rows from the top
 * @param {number[][]} palette a color of each index: red, green and blue
 */
export async function encodeIndexed(values, width, height, palette) {
  return encode(byteRows(values, width, height), width, height, 8, Uint8Array.from(palette.flat()));
}

function byteRows(values, width, height) {
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(values.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return rows;
}

async function encode(rows, width, height, depth, palette = null) {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = depth;
  header[9] = palette ? 3 : 0;
  const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
  const chunks = [["IHDR", header], ["PLTE", palette], ["IDAT", await deflated(rows)], ["IEND", new Uint8Array(0)]];
  return new Blob([signature, ...chunks.filter(([, data]) => data).map(([kind, data]) => chunk(kind, data))], {
    type: "image/png",
  });
}

/** The values that a picture shows in white on black: 1 where it is bright. */
export function readBits(bitmap) {
  return valuesOf(bitmap, (pixels, at) => pixels[at] >> 7);
}

/** 1 where a picture is more transparent than opaque. */
export function readTransparency(bitmap) {
  return valuesOf(bitmap, (pixels, at) => (pixels[at + 3] < 128 ? 1 : 0));
}

/** True if any pixel is more transparent than opaque. */
export function hasTransparency(bitmap) {
  for (const { pixels } of strips(bitmap)) {
    for (let at = 3; at < pixels.length; at += 4) if (pixels[at] < 128) return true;
  }
  return false;
}

/**
 * The classes that a picture in a list's colors shows: the index of each plus 1, and 0 for what is of none.
 * @param {ImageBitmap} bitmap
 * @param {{color: number[]}[]} classes
 */
export function readClasses(bitmap, classes) {
  const known = new Map(classes.map(({ color: [red, green, blue] }, index) => [(red << 16) | (green << 8) | blue, index + 1]));
  return valuesOf(bitmap, (pixels, at) => known.get((pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2]) ?? 0);
}

/** A value for each pixel, whose red, green, blue and opacity are at a position of an array. */
function valuesOf(bitmap, value) {
  const values = new Uint8Array(bitmap.width * bitmap.height);
  for (const { pixels, first } of strips(bitmap)) {
    for (let at = 0; at < pixels.length; at += 4) values[first + at / 4] = value(pixels, at);
  }
  return values;
}

/** The pixels of a picture by some rows at once, for those of a large one take hundreds of megabytes. */
function* strips(bitmap, rows = 256) {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, Math.min(rows, height));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  for (let y = 0; y < height; y += rows) {
    context.clearRect(0, 0, width, rows);
    context.drawImage(bitmap, 0, -y);
    yield { pixels: context.getImageData(0, 0, width, Math.min(rows, height - y)).data, first: y * width };
  }
}
