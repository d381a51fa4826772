// The picture that is worked on: its hole, its lines, what was made of it, and the way back.

import { History } from "./history.js";
import { Layer, grown, withInsides } from "../canvas/layer.js";
import { encodeBits, encodeBytes, encodeIndexed, hasTransparency, readBits, readClasses, readTransparency } from "./png.js";
import { Session } from "./session.js";
import { preferences } from "./storage.js";
import { tools } from "../canvas/tools.js";

const formats = { "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp" };

/** Announces `picture` (another one is shown), `layers` (what is painted has changed), `results`, `tool`. */
export class Editor extends EventTarget {
  /** The file that was opened: {id: 0, blob, bitmap, name, format}. */
  original = null;
  /** The picture that is shown, the original or one of the results: {id, blob, bitmap}. */
  current = null;
  /** True if the file that was opened has pixels that are more transparent than opaque. */
  hasTransparency = false;
  hole = null;
  lines = null;
  /** Classes by which the model is asked to fill: the index plus 1, 0 where it decides itself. */
  labels = null;
  /** Fillings, oldest first: {id, blob, bitmap, label, note}, and as long as the page is open what each was `made` of. */
  results = [];
  /** What the last filling was made of, as `source` has it. */
  last = null;
  tool = "brush";
  takesLines = false;
  /** The classes that the model follows: {name, first_id, classes: [{name, color}]}; null if it follows none. */
  labelClasses = null;
  labelClass = 0;
  #active = "hole";
  #nextID = 1;

  constructor(view) {
    super();
    this.view = view;
    this.history = new History((step, isUndo) => this.#perform(step, isUndo));
    this.session = new Session(this);
    // The eraser has a size of its own, and so has the pen.
    this.sizes = preferences.get("sizes", { brush: 40, eraser: 40, pen: 3 });
    this.compareAt = () => {};
  }

  get size() {
    return this.view.size;
  }

  /** All layers by their names. */
  get layers() {
    return { hole: this.hole, edges: this.lines, labels: this.labels };
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

  /** Everything that belongs to the picture that is open, to come back to; null if nothing was made of it. */
  get work() {
    const { original, current, hasTransparency, hole, lines, labels, results, last, history } = this;
    if (!original || (history.steps.length === 0 && results.length === 0)) return null;
    const { steps, position } = history;
    return { original, current, hasTransparency, hole, lines, labels, results, last, steps, position };
  }

  /** Comes back to the work on another picture. */
  resume({ current, last, steps, position, ...work }) {
    Object.assign(this, work);
    this.view.hasTransparency = this.hasTransparency;
    this.#showLayers();
    this.restored({ current, last, steps, position });
    this.view.fit();
    this.#announce("tool");
    this.#announce("layers");
  }

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
    this.original = { id: 0, blob, name, format: formats[type] ?? "png", bitmap };
    this.current = this.original;
    this.hasTransparency = type !== "image/jpeg" && hasTransparency(bitmap);
    this.view.hasTransparency = this.hasTransparency;
    this.results = [];
    this.#nextID = 1;
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
  }

  #newLayer(name, label, { width, height }) {
    const layer = new Layer(name, label, width, height);
    layer.addEventListener("touch", ({ box }) => this.view.touch(box));
    layer.addEventListener("change", () => this.#announce("layers"));
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
  }

  /** The original, or a result; undefined if there is none of that number. */
  picture(id) {
    return id === 0 ? this.original : this.results.find((result) => result.id === id);
  }

  /** Takes a step back, or makes it again. */
  #perform(step, isUndo) {
    const { show, changes = [] } = step;
    step.version = (step.version ?? 0) + 1;
    if (show) this.#show(this.picture(isUndo ? show.from : show.to));
    for (const change of changes) this.layers[change.layer].swap(change);
  }

  /** Shows a result, or the original, as a step that can be taken back. */
  choose({ id }, name) {
    if (id === this.current.id) return;
    this.addStep({ name, bytes: 1024, show: { from: this.current.id, to: id } });
    this.#show(this.picture(id));
  }

  /**
   * Takes over a filling: it is shown, and the hole, its lines and its labels are gone. One step takes all of it back.
   * @param {{blob: Blob, bitmap: ImageBitmap, label: string, note: string}} result
   */
  takeResult(result, source) {
    const shown = this.current;
    // Of older holes it is forgotten, for they take room.
    for (const other of this.results) if (other.made?.source !== source) delete other.made;
    this.addResult(result);
    this.last = source;
    this.#show(result);
    const steps = Object.values(this.layers).map((layer) => layer.replace(new Uint8Array(layer.values.length), ""));
    this.addStep({
      name: "Fill",
      bytes: steps.reduce((sum, step) => sum + (step?.bytes ?? 0), 1024),
      show: { from: shown.id, to: result.id },
      changes: steps.flatMap((step) => step?.changes ?? []),
    });
  }

  /** Adds a filling to the results without showing it. */
  addResult(result) {
    result.id = this.#nextID;
    this.#nextID += 1;
    this.results.push(result);
    this.#announce("results");
  }

  /** What is to be filled now: the picture that is shown, with copies of what is painted. */
  get source() {
    return {
      ...this.current,
      hole: this.hole.values.slice(),
      lines: this.takesLines && !this.lines.isEmpty ? this.lines.values.slice() : null,
      labels: this.labelClasses && !this.labels.isEmpty ? this.#labelIDs() : null,
      isTransparency: this.hole.isTransparency,
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

  #replace(values, name, isTransparency = false) {
    const step = this.layer.replace(values, name, isTransparency);
    if (step) this.addStep(step);
  }

  clear() {
    this.#replace(new Uint8Array(this.layer.values.length), "Clear");
  }

  invert() {
    this.#replace(this.layer.values.map((value) => (value ? 0 : 1)), "Invert");
  }

  grow(pixels) {
    if (this.layer.isEmpty) return;
    this.#replace(grown(this.layer, pixels), pixels > 0 ? "Grow" : "Shrink", this.layer.isTransparency);
  }

  /** Fills what the painted outlines enclose. */
  fillOutlines() {
    if (!this.layer.isEmpty) this.#replace(withInsides(this.layer), "Fill outlines", this.layer.isTransparency);
  }

  /** Takes the picture's transparency as the hole; what is filled of it becomes opaque. */
  takeTransparency() {
    const { bitmap } = this.current;
    if (!hasTransparency(bitmap)) throw new Error("The picture that is shown has no transparent pixels any more.");
    this.setActiveLayer("hole");
    const step = this.hole.replace(readTransparency(bitmap), "Transparency", true);
    if (step) this.addStep(step);
  }

  /**
   * Takes over a layer of a picture's size, as the studio has read it: white on black, or labels in the colors of their
   * classes.
   */
  async loadLayer(blob, layer = this.layer, name = "Open") {
    const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none" });
    const values = layer === this.labels ? readClasses(bitmap, this.labelClasses.classes) : readBits(bitmap);
    const step = layer.replace(values, name);
    if (step) this.addStep(step);
  }

  /** The layer as a PNG file: white on black, or labels as indices with the palette of their classes. */
  layerFile() {
    const { values, width, height } = this.layer;
    if (this.layer !== this.labels) return encodeBits(values, width, height);
    const { classes, first_id: first, ignored_id: ignored, ignored_color: rest } = this.labelClasses;
    const count = Math.max(first + classes.length, ignored + 1);
    const palette = Array.from({ length: count }, (_, id) => classes[id - first]?.color ?? rest);
    return encodeIndexed(values.map((value) => (value ? value - 1 + first : ignored)), width, height, palette);
  }

  /** Takes over what was kept beyond a reload; pictures and layers are there already. */
  restored({ current, last, steps, position }) {
    this.last = last;
    this.#nextID = 1 + Math.max(0, ...this.results.map(({ id }) => id));
    this.#show(current);
    this.history.restore(steps, position);
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
