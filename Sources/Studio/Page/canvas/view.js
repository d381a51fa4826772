// The picture on the screen, what is painted over it, and the way from the one's pixels to the other's.

import { Box } from "./layer.js";

const tints = [
  { name: "Magenta", color: [255, 45, 170] },
  { name: "Green", color: [60, 220, 90] },
  { name: "Blue", color: [50, 140, 255] },
  { name: "Yellow", color: [255, 214, 40] },
];

/** As much of a text as there is room for; nothing if that is next to nothing. */
function shortened(context, text, room) {
  if (context.measureText(text).width <= room) return text;
  for (let length = text.length - 1; length > 3; length--) {
    const part = `${text.slice(0, length).trimEnd()}…`;
    if (context.measureText(part).width <= room) return part;
  }
  return "";
}

/** A pattern of light and dark squares. */
function squares(context) {
  const canvas = new OffscreenCanvas(24, 24);
  const tile = canvas.getContext("2d");
  for (const [x, y] of [[0, 0], [12, 0], [0, 12], [12, 12]]) {
    tile.fillStyle = x === y ? "#c9c9c9" : "#f2f2f2";
    tile.fillRect(x, y, 12, 12);
  }
  return context.createPattern(canvas, "repeat");
}

/** Shows a picture and its layers. All lengths in its interface are CSS pixels, unless they are said to be the picture's. */
export class View extends EventTarget {
  #picture = null;
  #before = null;
  #divider = null;
  #origin = { x: 0, y: 0 };
  #scale = 1;
  #isFitted = true;
  #dirty = null;
  #needsPicture = false;
  #frame = 0;
  #automaticTint = tints[0].color;

  constructor(element) {
    super();
    this.element = element;
    this.canvases = ["picture", "paint", "marks"].map((name) => element.querySelector(`canvas.${name}`));
    [this.context, this.paint, this.marks] = this.canvases.map((canvas) => canvas.getContext("2d"));
    /** @type {import("./layer.js").Layer[]} from the bottom up */
    this.layers = [];
    /** A name of a tint, or `auto`. */
    this.tint = "auto";
    /** The colors of the classes of labels. */
    this.palette = [];
    /** Leaves the inside of the hole to be seen, for who works on labels in it. */
    this.outlinesHole = false;
    /** Draws marks such as the brush's ring; gets the context in CSS pixels. */
    this.drawMarks = () => {};
    this.isOriginalShown = false;
    /** True while pointing at pixels asks where a network looked. */
    this.isLooking = false;
    /** Draws squares under the picture, for one that has transparent pixels. */
    this.hasTransparency = false;
    new ResizeObserver(() => this.#resize()).observe(element);
  }

  static tints = tints.map(({ name }) => name);

  get scale() {
    return this.#scale;
  }

  get size() {
    return this.#picture && { width: this.#picture.width, height: this.#picture.height };
  }

  /** @param {ImageBitmap} bitmap */
  show(bitmap) {
    const old = this.size;
    this.#picture = bitmap;
    this.#chooseTint();
    if (old?.width !== bitmap.width || old?.height !== bitmap.height || this.#isFitted) this.fit();
    this.redraw();
  }

  /**
   * Shows another picture left of a divider; null for none.
   * @param {{bitmap: ImageBitmap, before: string, after: string}?} comparison
   * @param {number} divider 0...1 of the picture's width
   */
  compare(comparison, divider = 0.5) {
    this.#before = comparison;
    this.#divider = comparison ? divider : null;
    this.redraw();
  }

  get isComparing() {
    return this.#divider !== null;
  }

  get divider() {
    return this.#divider;
  }

  // Coordinates.

  /** The picture's coordinates of a position on the page. */
  toPicture({ clientX, clientY }) {
    const box = this.element.getBoundingClientRect();
    return {
      x: (clientX - box.left - this.#origin.x) / this.#scale,
      y: (clientY - box.top - this.#origin.y) / this.#scale,
    };
  }

  /** The position in the element of a point of the picture. */
  toScreen({ x, y }) {
    return { x: x * this.#scale + this.#origin.x, y: y * this.#scale + this.#origin.y };
  }

  fit() {
    if (!this.#picture) return;
    const { clientWidth: width, clientHeight: height } = this.element;
    const margin = Math.min(24, width / 20);
    this.#scale = Math.min(
      (width - 2 * margin) / this.#picture.width,
      (height - 2 * margin) / this.#picture.height,
      Math.max(1, 512 / Math.max(this.#picture.width, this.#picture.height)) * 2,
    );
    this.#scale = Math.max(this.#scale, 1e-3);
    this.#origin = {
      x: (width - this.#picture.width * this.#scale) / 2,
      y: (height - this.#picture.height * this.#scale) / 2,
    };
    this.#isFitted = true;
    this.redraw();
  }

  /** Magnifies around a point of the element; its center if none is given. */
  zoom(factor, at = { x: this.element.clientWidth / 2, y: this.element.clientHeight / 2 }) {
    const scale = Math.min(64, Math.max(0.01, this.#scale * factor));
    const change = scale / this.#scale;
    this.#origin = { x: at.x - (at.x - this.#origin.x) * change, y: at.y - (at.y - this.#origin.y) * change };
    this.#scale = scale;
    this.#isFitted = false;
    this.redraw();
  }

  pan(dx, dy) {
    this.#origin = { x: this.#origin.x + dx, y: this.#origin.y + dy };
    this.#isFitted = false;
    this.redraw();
  }

  // Drawing.

  /** Draws everything with the next frame. */
  redraw() {
    this.#needsPicture = true;
    this.touch(null);
  }

  /** Draws the marks with the next frame, and a box of the layers, in the picture's pixels. */
  touch(box) {
    if (box) this.#dirty = (this.#dirty ?? Box.empty()).add(box);
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #resize() {
    const ratio = window.devicePixelRatio || 1;
    for (const canvas of this.canvases) {
      canvas.width = Math.round(this.element.clientWidth * ratio);
      canvas.height = Math.round(this.element.clientHeight * ratio);
    }
    if (this.#isFitted) this.fit();
    this.redraw();
  }

  #draw() {
    const ratio = window.devicePixelRatio || 1;
    const started = performance.now();
    if (this.#needsPicture) {
      this.#needsPicture = false;
      this.#drawPicture(ratio);
      this.#drawPaint(new Box(0, 0, this.canvases[1].width, this.canvases[1].height), ratio);
    } else if (this.#dirty) {
      const [from, to] = [
        this.toScreen({ x: this.#dirty.x0 - 1, y: this.#dirty.y0 - 1 }),
        this.toScreen({ x: this.#dirty.x1 + 1, y: this.#dirty.y1 + 1 }),
      ];
      this.#drawPaint(new Box(from.x * ratio - 2, from.y * ratio - 2, to.x * ratio + 2, to.y * ratio + 2), ratio);
    }
    this.#dirty = null;
    this.marks.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.marks.clearRect(0, 0, this.element.clientWidth, this.element.clientHeight);
    if (this.#picture) this.drawMarks(this.marks);
    if (this.#picture && this.isComparing && !this.isOriginalShown) this.#drawDivider(this.marks);
    this.dispatchEvent(Object.assign(new Event("frame"), { milliseconds: performance.now() - started }));
  }

  #drawPicture(ratio) {
    const { context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvases[0].width, this.canvases[0].height);
    if (!this.#picture) return;
    const { width, height } = this.#picture;
    context.setTransform(this.#scale * ratio, 0, 0, this.#scale * ratio, this.#origin.x * ratio, this.#origin.y * ratio);
    context.imageSmoothingEnabled = this.#scale * ratio < 3;
    context.imageSmoothingQuality = "high";
    this.#drawBitmap(this.#picture);
    if (this.isComparing && !this.isOriginalShown) {
      const part = Math.max(1e-6, width * this.#divider);
      const { bitmap } = this.#before;
      context.save();
      context.beginPath();
      context.rect(0, 0, part, height);
      context.clip();
      context.clearRect(0, 0, part, height);
      this.#drawBitmap(bitmap);
      context.restore();
    }
  }

  /** Draws a picture in the size of the one that is shown. */
  #drawBitmap(bitmap) {
    const { context } = this;
    const { width, height } = this.#picture;
    if (this.hasTransparency) {
      // The squares keep their size on the screen.
      context.fillStyle = squares(context);
      context.fillStyle.setTransform(context.getTransform().inverse());
      context.fillRect(0, 0, width, height);
    }
    context.drawImage(bitmap, 0, 0, width, height);
  }

  #drawDivider(marks) {
    const { width, height } = this.#picture;
    const [top, bottom] = [
      this.toScreen({ x: width * this.#divider, y: 0 }),
      this.toScreen({ x: width * this.#divider, y: height }),
    ];
    const [from, to] = [Math.max(0, top.y), Math.min(this.element.clientHeight, bottom.y)];
    for (const [thickness, color] of [
      [5, "rgba(0,0,0,.55)"],
      [2, "#fff"],
    ]) {
      marks.lineWidth = thickness;
      marks.strokeStyle = color;
      marks.beginPath();
      marks.moveTo(top.x, from);
      marks.lineTo(top.x, to);
      marks.stroke();
    }
    marks.font = "600 12px system-ui, sans-serif";
    const y = from + 22;
    for (const [text, side] of [
      [this.#before.before, -1],
      [this.#before.after, 1],
    ]) {
      const room = (side < 0 ? top.x : this.element.clientWidth - top.x) - 32;
      const shown = shortened(marks, text, room);
      if (!shown) continue;
      const length = marks.measureText(shown).width + 16;
      const x = side < 0 ? top.x - length - 10 : top.x + 10;
      marks.fillStyle = "rgba(0,0,0,.65)";
      marks.beginPath();
      marks.roundRect(x, y - 15, length, 22, 11);
      marks.fill();
      marks.fillStyle = "#fff";
      marks.fillText(shown, x + 8, y);
    }
    marks.fillStyle = "#fff";
    marks.strokeStyle = "rgba(0,0,0,.55)";
    marks.lineWidth = 1.5;
    marks.beginPath();
    marks.arc(top.x, (from + to) / 2, 15, 0, 2 * Math.PI);
    marks.fill();
    marks.stroke();
    marks.fillStyle = "#333";
    marks.beginPath();
    for (const side of [-1, 1]) {
      marks.moveTo(top.x + 10 * side, (from + to) / 2);
      marks.lineTo(top.x + 4 * side, (from + to) / 2 - 5);
      marks.lineTo(top.x + 4 * side, (from + to) / 2 + 5);
    }
    marks.fill();
  }

  /** Redraws the layers in a box of the canvas's own pixels: each takes the value of the picture's pixel under it. */
  #drawPaint(area, ratio) {
    const canvas = this.canvases[1];
    const box = area.clipped(canvas.width, canvas.height);
    if (box.isEmpty) return;
    const [width, height] = [box.x1 - box.x0, box.y1 - box.y0];
    const image = this.paint.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    if (this.#picture && !this.isOriginalShown) {
      const step = 1 / (this.#scale * ratio);
      const columns = new Int32Array(width + 1);
      for (let x = 0; x <= width; x++) {
        columns[x] = Math.floor((box.x0 + x + 0.5 - this.#origin.x * ratio) * step);
      }
      for (const layer of this.layers) this.#drawLayer(layer, pixels, { box, width, height, columns, step, ratio });
    }
    this.paint.putImageData(image, box.x0, box.y0);
  }

  #drawLayer(layer, pixels, { box, width, height, columns, step, ratio }) {
    if (layer.isEmpty) return;
    const isHole = layer.name === "hole";
    const [red, green, blue] = isHole ? this.#tintColor() : [255, 255, 255];
    const opaque = (r, g, b, alpha) => ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0;
    // Stripes of two strengths are seen on any ground, and an outline on any of the same color.
    const light = opaque(red, green, blue, isHole ? 120 : 255);
    const dark = opaque(red * 0.55, green * 0.55, blue * 0.55, isHole ? 150 : 255);
    const edge = isHole ? opaque(255, 255, 255, 235) : opaque(20, 20, 24, 255);
    const isLabels = layer.name === "labels";
    const colors = isLabels ? this.palette.map(([r, g, b]) => opaque(r, g, b, 165)) : [];
    const pixelRows = (y) => Math.floor((box.y0 + y + 0.5 - this.#origin.y * ratio) * step);
    const { values } = layer;
    for (let y = 0; y < height; y++) {
      const row = pixelRows(y);
      if (row < 0 || row >= layer.height) continue;
      const start = row * layer.width;
      const next = pixelRows(y + 1);
      const below = next < layer.height ? next * layer.width : -1;
      for (let x = 0; x < width; x++) {
        const column = columns[x];
        if (column < 0 || column >= layer.width) continue;
        const value = values[start + column];
        const right = columns[x + 1];
        const neighbor = right < layer.width ? values[start + right] : 0;
        const under = below >= 0 ? values[below + column] : 0;
        if (isHole && (value !== neighbor || value !== under)) pixels[y * width + x] = edge;
        else if (isLabels) {
          if (value) pixels[y * width + x] = colors[value - 1] ?? 0;
        } else if (value && !(isHole && this.outlinesHole)) pixels[y * width + x] = ((box.x0 + x + box.y0 + y) >> 3) & 1 ? dark : light;
      }
    }
  }

  #tintColor() {
    return tints.find(({ name }) => name === this.tint)?.color ?? this.#automaticTint;
  }

  /** The tint that is farthest from the picture's colors. */
  #chooseTint() {
    const canvas = new OffscreenCanvas(24, 24);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.#picture, 0, 0, 24, 24);
    const { data } = context.getImageData(0, 0, 24, 24);
    const distance = ([red, green, blue]) => {
      let sum = 0;
      for (let at = 0; at < data.length; at += 4) {
        sum += Math.sqrt(Math.hypot(data[at] - red, data[at + 1] - green, data[at + 2] - blue));
      }
      return sum;
    };
    this.#automaticTint = tints.map(({ color }) => color).reduce((a, b) => (distance(b) > 1.05 * distance(a) ? b : a));
  }
}
