// The picture that is worked on: its hole, its lines, what was made of it, and the way back.

import { History } from "./history.js";
import { Layer, grown } from "../canvas/layer.js";
import { encodeBits, encodeBytes, readBits, readClasses } from "./png.js";
import { keep, preferences, recall } from "./storage.js";
import { tools } from "../canvas/tools.js";

const formats = { "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp" };

/** Announces `picture` (another one is shown), `layers` (what is painted has changed), `results`, `tool`. */
export class Editor extends EventTarget {
  /** The file that was opened: {blob, name, format}. */
  original = null;
  /** The picture that is shown: {blob, bitmap}. */
  current = null;
  hole = null;
  lines = null;
  /** Classes by which the model is asked to fill: the index plus 1, 0 where it decides itself. */
  labels = null;
  /** Fillings, oldest first: {blob, bitmap, label, note}. */
  results = [];
  /** What the last filling was made of: {blob, bitmap, hole, lines}. */
  last = null;
  tool = "brush";
  takesLines = false;
  /** The classes that the model follows: {name, first_id, classes: [{name, color}]}; null if it follows none. */
  labelClasses = null;
  labelClass = 0;
  #active = "hole";
  #saving = 0;

  constructor(view) {
    super();
    this.view = view;
    this.history = new History();
    // The eraser has a size of its own, and so has the pen.
    this.sizes = preferences.get("sizes", { brush: 40, eraser: 40, pen: 3 });
    this.compareAt = () => {};
  }

  get size() {
    return this.view.size;
  }

  /** The layer that tools paint on. */
  get layer() {
    if (this.#active === "edges" && this.takesLines) return this.lines;
    return this.#active === "labels" && this.labelClasses ? this.labels : this.hole;
  }

  get activeLayer() {
    return this.layer?.name ?? "hole";
  }

  /** The names of the layers that there are, with words for people. */
  get layerNames() {
    const names = [["hole", "Hole"]];
    if (this.labelClasses) names.push(["labels", "Labels"]);
    if (this.takesLines) names.push(["edges", "Lines"]);
    return names;
  }

  // Tools.

  setTool(tool) {
    this.tool = tool;
    this.#announce("tool");
  }

  setActiveLayer(name) {
    this.#active = name;
    this.#showLayers();
    this.#announce("tool");
    this.#announce("layers");
  }

  setLabelClass(index) {
    this.labelClass = index;
    this.#announce("tool");
  }

  /** The value that a tool paints on the layer. */
  paintValue(tool) {
    if (tools[tool].value === 0) return 0;
    return this.activeLayer === "labels" ? this.labelClass + 1 : 1;
  }

  setTakesLines(takes) {
    this.takesLines = takes;
    this.#showLayers();
    this.#announce("tool");
    this.#announce("layers");
  }

  /** Takes over the classes that the model follows; null for none. Labels of another list mean nothing there. */
  setLabelClasses(classes) {
    if (classes && classes.name !== preferences.get("labels", null)) {
      preferences.set("labels", classes.name);
      this.labels?.replace(new Uint8Array(this.labels.values.length), "");
    }
    this.labelClasses = classes;
    this.labelClass = Math.min(this.labelClass, Math.max(0, (classes?.classes.length ?? 1) - 1));
    this.#showLayers();
    this.#announce("tool");
    this.#announce("layers");
  }

  #sizeName(tool) {
    if (tool === "eraser") return "eraser";
    return this.activeLayer === "edges" ? "pen" : "brush";
  }

  /** The radius of a round tool in the picture's pixels. */
  radius(tool) {
    return Math.max(0.5, this.sizes[this.#sizeName(tool)] / 2);
  }

  /** The diameter of the tool that is chosen, in pixels of the picture. */
  get brushSize() {
    return this.sizes[this.#sizeName(this.tool)];
  }

  set brushSize(size) {
    const most = Math.max(64, Math.round(Math.max(this.size?.width ?? 0, this.size?.height ?? 0, 1000) / 2));
    this.sizes[this.#sizeName(this.tool)] = Math.min(most, Math.max(1, Math.round(size)));
    preferences.set("sizes", this.sizes);
    this.#announce("tool");
  }

  // Pictures.

  /**
   * Opens a picture file.
   * @param {Blob} blob
   * @throws {Error} a sentence, if the browser cannot show it
   */
  async open(blob, name = "picture") {
    let bitmap;
    try {
      bitmap = await createImageBitmap(blob, { imageOrientation: "from-image" });
    } catch {
      throw new Error(`${name}: expected a JPEG, PNG or WebP picture, found a file that cannot be shown.`);
    }
    const type = blob.type in formats ? blob.type : await sniffed(blob);
    this.original = { blob, name, format: formats[type] ?? "png", bitmap };
    this.current = { blob, bitmap };
    this.results = [];
    this.last = null;
    this.hole = this.#newLayer("hole", "Hole", bitmap);
    this.lines = this.#newLayer("edges", "Lines", bitmap);
    this.labels = this.#newLayer("labels", "Labels", bitmap);
    this.history.clear();
    this.#showLayers();
    this.view.show(bitmap);
    this.view.fit();
    const side = Math.max(bitmap.width, bitmap.height);
    if (!preferences.get("sizes", null)) this.sizes.brush = this.sizes.eraser = Math.max(8, Math.round(side / 16));
    this.#announce("picture");
    this.#announce("tool");
    this.#announce("layers");
    this.#announce("results");
    this.#keepPictures();
    this.#keepLayers();
  }

  #newLayer(name, label, { width, height }) {
    const layer = new Layer(name, label, width, height);
    layer.addEventListener("touch", ({ box }) => this.view.touch(box));
    layer.addEventListener("change", () => {
      this.#announce("layers");
      clearTimeout(this.#saving);
      this.#saving = setTimeout(() => this.#keepLayers(), 400);
    });
    return layer;
  }

  #showLayers() {
    const layers = [this.labelClasses && this.labels, this.hole, this.takesLines && this.lines];
    this.view.layers = layers.filter(Boolean);
    this.view.palette = this.labelClasses?.classes.map(({ color }) => color) ?? [];
    this.view.outlinesHole = this.activeLayer === "labels";
    this.view.redraw();
  }

  /** Shows another picture of the same size. */
  #show(current) {
    this.current = current;
    this.view.show(current.bitmap);
    this.#announce("picture");
    this.#announce("results");
    this.#keepPictures();
  }

  /** Shows a result, or the original, as a step that can be taken back. */
  choose(picture, name) {
    if (picture.blob === this.current.blob) return;
    const before = this.current;
    this.addStep({ name, bytes: 1024, undo: () => this.#show(before), redo: () => this.#show(picture) });
    this.#show(picture);
  }

  /**
   * Takes over a filling: it is shown, and the hole, its lines and its labels are gone. One step takes all of it back.
   * @param {{blob: Blob, bitmap: ImageBitmap, label: string, note: string}} result
   */
  takeResult(result, source) {
    const before = [this.hole, this.lines, this.labels].map(({ values }) => values.slice());
    const shown = this.current;
    this.results.push(result);
    this.last = source;
    const perform = (current, layers) => {
      this.#show(current);
      [this.hole, this.lines, this.labels].forEach((layer, index) => layer.replace(layers[index], ""));
    };
    const empty = before.map(({ length }) => new Uint8Array(length));
    this.addStep({
      name: "Fill",
      bytes: 6 * before[0].length,
      undo: () => perform(shown, before),
      redo: () => perform(result, empty),
    });
    perform(result, empty);
  }

  /** Adds a filling to the results without showing it. */
  addResult(result) {
    this.results.push(result);
    this.#announce("results");
  }

  /** What is to be filled now: {blob, hole, lines, labels} with copies of what is painted. */
  get source() {
    return {
      ...this.current,
      hole: this.hole.values.slice(),
      lines: this.takesLines && !this.lines.isEmpty ? this.lines.values.slice() : null,
      labels: this.labelClasses && !this.labels.isEmpty ? this.#labelIDs() : null,
      width: this.hole.width,
      height: this.hole.height,
    };
  }

  /** Labels as a file has them: 255 leaves a pixel to the network. */
  #labelIDs() {
    const first = this.labelClasses.first_id;
    return this.labels.values.map((value) => (value ? value - 1 + first : 255));
  }

  /** A source's files, as far as a model takes them. */
  static async files({ blob, hole, lines, labels, width, height }, { takesLines = true, takesLabels = true } = {}) {
    return {
      image: blob,
      hole: await encodeBits(hole, width, height),
      sketch: lines && takesLines ? await encodeBits(lines, width, height) : undefined,
      labels: labels && takesLabels ? await encodeBytes(labels, width, height) : undefined,
    };
  }

  // Layers.

  addStep(step) {
    this.history.add(step);
    this.#announce("layers");
  }

  #replace(values, name) {
    const step = this.layer.replace(values, name);
    if (step) this.addStep(step);
  }

  clear() {
    this.#replace(new Uint8Array(this.layer.values.length), "Clear");
  }

  invert() {
    this.#replace(this.layer.values.map((value) => (value ? 0 : 1)), "Invert");
  }

  grow(pixels) {
    if (!this.layer.isEmpty) this.#replace(grown(this.layer, pixels), pixels > 0 ? "Grow" : "Shrink");
  }

  /** Reads a picture of the layer. */
  async loadLayer(blob, name = "the picture") {
    let bitmap;
    try {
      bitmap = await createImageBitmap(blob);
    } catch {
      throw new Error(`${name}: expected a JPEG, PNG or WebP picture, found a file that cannot be shown.`);
    }
    const { width, height } = this.layer;
    if (bitmap.width !== width || bitmap.height !== height) {
      throw new Error(
        `${name}: expected a picture of ${width}x${height}, the size of the picture, found ${bitmap.width}x${bitmap.height}.`,
      );
    }
    this.#replace(readBits(bitmap), "Open");
  }

  /** Takes over labels in the colors of their classes, as a model has predicted them. */
  async loadLabels(blob) {
    const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none" });
    const step = this.labels.replace(readClasses(bitmap, this.labelClasses.classes), "Labels");
    if (step) this.addStep(step);
  }

  /** The layer as a PNG file, white on black. */
  layerFile() {
    return encodeBits(this.layer.values, this.layer.width, this.layer.height);
  }

  // What outlives a reload.

  async #keepPictures() {
    const { blob, name, format } = this.original;
    await keep("pictures", { original: blob, name, format, current: this.current.blob });
  }

  async #keepLayers() {
    if (this.hole) await keep("layers", { hole: this.hole.values, lines: this.lines.values, labels: this.labels.values });
  }

  /** Opens what was open before the page was loaded anew. */
  async restore() {
    const [pictures, layers] = await Promise.all([recall("pictures"), recall("layers")]);
    if (!pictures) return false;
    await this.open(pictures.original, pictures.name);
    this.original.format = pictures.format;
    if (pictures.current && pictures.current.size !== pictures.original.size) {
      const bitmap = await createImageBitmap(pictures.current);
      const result = { blob: pictures.current, bitmap, label: "Before the reload", note: "" };
      this.results.push(result);
      this.#show(result);
    }
    if (layers?.hole?.length === this.hole.values.length) {
      this.hole.replace(layers.hole, "");
      this.lines.replace(layers.lines, "");
      this.labels.replace(layers.labels, "");
    }
    return true;
  }

  #announce(name) {
    this.dispatchEvent(new Event(name));
  }
}

/** The type that a file's first bytes tell. */
async function sniffed(blob) {
  const bytes = new Uint8Array(await blob.slice(0, 12).arrayBuffer());
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return "image/jpeg";
  if (bytes[0] === 0x52 && bytes[8] === 0x57) return "image/webp";
  return "image/png";
}

export { tools };
