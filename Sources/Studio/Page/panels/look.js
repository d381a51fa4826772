// The attention microscope: where a network looked while it filled a pixel.

import * as api from "../core/api.js";
import { outline } from "../canvas/tools.js";
import { say } from "./messages.js";

const element = (id) => document.getElementById(id);

/** Shows for the filled pixel under the cursor the position that the network's attention looked at. */
export class LookPanel {
  /** {result, x, y, width, height, offsets} of the result that is looked into; null if none is. */
  #field = null;

  constructor(editor, fill) {
    this.editor = editor;
    this.fill = fill;
    element("look").addEventListener("click", () => this.toggle());
    editor.addEventListener("picture", () => this.#update());
    editor.lookAt = (context, point) => this.#draw(context, point);
  }

  get isLooking() {
    return this.#field !== null;
  }

  /** The result that is shown, if it is known how a network made it. */
  get #result() {
    const { current } = this.editor;
    return current?.made && !current.made.model.id.startsWith("methods/") ? current : null;
  }

  #update() {
    element("look").hidden = this.#result === null;
    if (this.#field && this.#field.result !== this.#result) this.stop();
  }

  /** Looks into the result that is shown, or stops it. */
  async toggle() {
    if (this.isLooking) return this.stop();
    const result = this.#result;
    if (!result) return;
    await this.fill.perform("Asking where it looked…", async (signal, job) => {
      const { source, model, options } = result.made;
      const bytes = await api.attention({ ...(await this.fill.files(source, model)), model: model.id, job, options }, signal);
      const [x, y, width, height] = new Int32Array(bytes, 0, 4);
      this.#field = { result, x, y, width, height, offsets: new Int16Array(bytes, 16) };
      this.editor.view.isLooking = true;
      this.editor.input.updateCursor();
      say("Point at a filled pixel, or move the cursor to it by arrow keys.");
    });
    element("look").setAttribute("aria-pressed", String(this.isLooking));
    this.editor.view.redraw();
  }

  stop() {
    this.#field = null;
    this.editor.view.isLooking = false;
    element("look").setAttribute("aria-pressed", "false");
    this.editor.input.updateCursor();
    this.editor.view.redraw();
  }

  /** The position that a pixel of the picture came from; null of one that was known. */
  target(point) {
    const { result, x, y, width, height, offsets } = this.#field;
    const [column, row] = [Math.floor(point.x) - x, Math.floor(point.y) - y];
    const { source } = result.made;
    if (column < 0 || row < 0 || column >= width || row >= height) return null;
    if (!source.hole[(row + y) * source.width + column + x]) return null;
    const at = 2 * (row * width + column);
    return { x: point.x + offsets[at], y: point.y + offsets[at + 1] };
  }

  /** Says it in words, for who does not see the page. */
  tell(point) {
    if (!this.#field) return;
    const target = this.target(point);
    const words = (value, forward, backward) => `${Math.round(Math.abs(value))} pixels ${value < 0 ? backward : forward}`;
    say(
      target
        ? `It looked ${words(target.x - point.x, "to the right", "to the left")} and ${words(target.y - point.y, "down", "up")}.`
        : "This pixel was known.",
    );
  }

  #draw(context, point) {
    const { view } = this.editor;
    const target = this.target(point);
    const from = view.toScreen(point);
    const path = new Path2D();
    path.arc(from.x, from.y, 7, 0, 2 * Math.PI);
    if (target) {
      const to = view.toScreen(target);
      const length = Math.hypot(to.x - from.x, to.y - from.y);
      path.rect(to.x - 11, to.y - 11, 22, 22);
      if (length > 24) {
        const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
        path.moveTo(from.x + 7 * dx, from.y + 7 * dy);
        path.lineTo(to.x - 13 * dx, to.y - 13 * dy);
      }
    }
    outline(context, path);
  }
}
