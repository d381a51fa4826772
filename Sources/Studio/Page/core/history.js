// Undo and redo, for strokes and for results alike.

/** Steps that can be taken back. A step has `undo()` and `redo()`, which may be asynchronous, and a `bytes` estimate. */
export class History extends EventTarget {
  #steps = [];
  #position = 0;
  #busy = Promise.resolve();

  /** The most memory that steps hold before the oldest is forgotten, in bytes. */
  static limit = 256 * 2 ** 20;

  get canUndo() {
    return this.#position > 0;
  }

  get canRedo() {
    return this.#position < this.#steps.length;
  }

  /** The name of the step that `undo` would take back. */
  get next() {
    return this.#steps[this.#position - 1]?.name;
  }

  add(step) {
    this.#steps.length = this.#position;
    this.#steps.push(step);
    let bytes = this.#steps.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
    while (bytes > History.limit && this.#steps.length > 1) bytes -= this.#steps.shift().bytes ?? 0;
    this.#position = this.#steps.length;
    this.#changed();
  }

  undo() {
    return this.#queue(async () => {
      if (!this.canUndo) return;
      this.#position -= 1;
      await this.#steps[this.#position].undo();
    });
  }

  redo() {
    return this.#queue(async () => {
      if (!this.canRedo) return;
      await this.#steps[this.#position].redo();
      this.#position += 1;
    });
  }

  clear() {
    this.#steps = [];
    this.#position = 0;
    this.#changed();
  }

  #queue(body) {
    this.#busy = this.#busy.then(body).finally(() => this.#changed());
    return this.#busy;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
