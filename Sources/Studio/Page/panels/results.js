// Fillings beside the original, comparing, and what leaves the page.

import * as api from "../core/api.js";
import { encodeBits } from "../core/png.js";
import { attempt, save, say } from "./messages.js";

const element = (id) => document.getElementById(id);

/** Shows results and compares them. */
export class ResultsPanel {
  #comparison = null;

  constructor(editor) {
    this.editor = editor;
    editor.addEventListener("results", () => this.#show());
    editor.addEventListener("picture", () => this.#pictureChanged());
    element("compare").addEventListener("click", () => this.toggle());
    element("divider").addEventListener("input", ({ target }) => this.#moveTo(target.value / 1000));
    element("copy").addEventListener("click", () => this.copy());
    element("download").addEventListener("click", () => this.download());
    editor.compareAt = (divider) => this.#moveTo(divider);
  }

  get #isChanged() {
    return this.editor.current !== null && this.editor.current.blob !== this.editor.original.blob;
  }

  #pictureChanged() {
    const { editor } = this;
    for (const id of ["copy", "download"]) element(id).disabled = editor.current === null;
    this.#updateButton();
    if (this.#comparison && this.#comparison.right !== editor.current.blob) this.stop();
    else if (this.#comparison) editor.view.compare(this.#comparison, editor.view.divider);
  }

  #updateButton() {
    element("compare").disabled = !this.#isChanged && !this.#comparison;
    element("compare").setAttribute("aria-pressed", String(this.#comparison !== null));
  }

  #show() {
    const { editor } = this;
    const entries = editor.original
      ? [{ ...editor.original, label: "Original", note: "" }, ...editor.results]
      : [];
    element("results-panel").hidden = entries.length < 2;
    element("results").replaceChildren(
      ...entries.map((entry, index) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [256, 192];
        const { width, height } = entry.bitmap;
        const scale = Math.min(256 / width, 192 / height);
        canvas
          .getContext("2d")
          .drawImage(entry.bitmap, (256 - width * scale) / 2, (192 - height * scale) / 2, width * scale, height * scale);
        const label = document.createElement("span");
        label.textContent = index ? `${index}. ${entry.label}` : entry.label;
        const note = document.createElement("span");
        note.className = "quiet";
        note.textContent = entry.note;
        button.append(canvas, label, note);
        button.title = entry.outcome ?? "";
        button.setAttribute("aria-current", String(editor.current.blob === entry.blob));
        button.addEventListener("click", () => editor.choose(entry, entry.label));
        item.append(button);
        if (entry.id !== editor.current.id) item.append(this.#compareButton(entry, label.textContent));
        return item;
      }),
    );
  }

  /** Shows an entry left of the divider, and right of it what is shown now. */
  #compareButton(entry, name) {
    const button = document.createElement("button");
    button.className = "beside";
    button.textContent = "Compare";
    button.title = `Compare ${name} with what is shown`;
    button.setAttribute("aria-label", button.title);
    button.addEventListener("click", () => this.start({ bitmap: entry.bitmap, label: entry.label }, this.#shown));
    return button;
  }

  get #shown() {
    const { current } = this.editor;
    return { ...current, label: current.label ?? (this.#isChanged ? "Result" : "Original") };
  }

  // Comparing.

  /** Compares with the original, or stops it. */
  toggle() {
    if (this.#comparison) return this.stop();
    if (!this.#isChanged) return;
    const { original } = this.editor;
    this.start({ bitmap: original.bitmap, label: "Original" }, this.#shown);
  }

  /** Shows one picture left of a divider and another right of it. */
  start(left, right) {
    this.#comparison = { bitmap: left.bitmap, before: left.label, after: right.label, right: right.blob };
    this.#updateButton();
    element("divider-row").hidden = false;
    const label = element("divider-row").firstElementChild;
    label.firstChild.textContent = left.label;
    label.lastChild.textContent = right.label;
    this.#moveTo(0.5);
  }

  stop() {
    this.#comparison = null;
    this.#updateButton();
    element("divider-row").hidden = true;
    this.editor.view.compare(null);
  }

  #moveTo(divider) {
    const position = Math.min(1, Math.max(0, divider));
    element("divider").value = Math.round(1000 * position);
    this.editor.view.compare(this.#comparison, position);
  }

  /** Shows the original for as long as a key is held. */
  peek(isShown) {
    const { view } = this.editor;
    if (view.isOriginalShown === isShown || !this.editor.original) return;
    view.isOriginalShown = isShown;
    view.show(isShown ? this.editor.original.bitmap : this.editor.current.bitmap);
  }

  // Leaving the page.

  async copy() {
    await attempt(async () => {
      const { current } = this.editor;
      const canvas = document.createElement("canvas");
      Object.assign(canvas, { width: current.bitmap.width, height: current.bitmap.height });
      canvas.getContext("2d").drawImage(current.bitmap, 0, 0);
      const png = new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
      await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
      say("Copied");
    });
  }

  /** Saves the picture in the format of the file that was opened. */
  async download() {
    await attempt(async () => {
      const { current, original } = this.editor;
      const stem = original.name.replace(/\.[^.]*$/, "");
      const name = this.#isChanged ? `${stem}-filled.${original.format}` : original.name;
      save(await this.inOriginalFormat(current.blob), name);
    });
  }

  /** The file of a picture that is shown: a PNG file is written anew in the original's format, with an empty hole. */
  async inOriginalFormat(blob) {
    const { original, hole } = this.editor;
    if (blob === original.blob || original.format === "png") return blob;
    const empty = await encodeBits(new Uint8Array(hole.values.length), hole.width, hole.height);
    const options = { format: original.format };
    return (await api.fill({ image: blob, hole: empty, model: "methods/harmonic", options })).blob;
  }
}
