// Undo and redo, for strokes and for results alike.

/**
 * Steps that can be taken back. They are data, so that they can be kept beyond a reload: a `name`, an estimate of `bytes`,
 * and what the function knows that performs them.
 */
export class History extends EventTarget {
  #steps = [];
  #position = 0;
  #busy = Promise.resolve();
  #perform;

  /** @param {(step: Object, isUndo: boolean) => void} perform takes a step back, or makes it again */
  constructor(perform) {
    super();
    this.#perform = perform;
  }

  /** The most memory that steps hold before the oldest is forgotten, in bytes. */
  static limit = 256 * 2 ** 20;

  /** All steps, oldest first; those from `position` on are taken back. */
  get steps() {
    return this.#steps;
  }

  get position() {
    return this.#position;
  }

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
      this.#perform(this.#steps[this.#position], true);
    });
  }

  redo() {
    return this.#queue(async () => {
      if (!this.canRedo) return;
      this.#perform(this.#steps[this.#position], false);
      this.#position += 1;
    });
  }

  clear() {
    this.restore([], 0);
  }

  /** Takes over steps that were kept. */
  restore(steps, position) {
    this.#steps = steps;
    this.#position = position;
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
