// Mouse, touch and pen on the canvas: strokes, moving and magnifying.

import { Stroke, outline, tools } from "./tools.js";

/** How far fingers may have gone, in the picture's pixels, for a second one to turn a stroke into a gesture. */
const gestureSlack = 40;

/** Turns pointers into strokes on the editor's layer and movements of its view. */
export class PointerInput {
  #pointers = new Map();
  #stroke = null;
  #strokePointer = null;
  #panPointer = null;
  #cursor = null;
  #lastPoint = null;
  #keyboard = null;

  /** @param editor has `view`, `layer`, `tool`, `sizes`, `addStep(step)`, and a `compareAt(divider)` */
  constructor(editor) {
    this.editor = editor;
    this.view = editor.view;
    this.isSpaceDown = false;
    this.isShiftDown = false;
    const { element } = this.view;
    element.addEventListener("pointerdown", (event) => this.#down(event));
    element.addEventListener("pointermove", (event) => this.#move(event));
    element.addEventListener("pointerup", (event) => this.#up(event));
    element.addEventListener("pointercancel", (event) => this.#up(event, true));
    element.addEventListener("pointerleave", () => {
      this.#cursor = null;
      this.view.touch(null);
    });
    element.addEventListener("contextmenu", (event) => event.preventDefault());
    element.addEventListener("auxclick", (event) => event.preventDefault());
    element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.view.drawMarks = (context) => this.#drawMarks(context);
  }

  /** Forgets keys and pointers: whoever left the window has let go of them. */
  reset() {
    this.isSpaceDown = false;
    this.isShiftDown = false;
    this.cancelStroke();
    this.#pointers.clear();
    this.#panPointer = null;
    this.updateCursor();
  }

  /** Forgets where the last picture was painted. */
  begin() {
    this.reset();
    this.#keyboard = null;
    this.#lastPoint = null;
  }

  get isDrawing() {
    return this.#stroke !== null;
  }

  cancelStroke() {
    this.#stroke?.cancel();
    this.#stroke = null;
    this.#strokePointer = null;
    this.#keyboard = this.#keyboard && { ...this.#keyboard, stroke: null };
    this.view.redraw();
  }

  updateCursor() {
    const { element } = this.view;
    const isMoving = this.#panPointer !== null || this.isSpaceDown || this.editor.tool === "pan";
    element.dataset.cursor = isMoving ? (this.#panPointer !== null ? "grabbing" : "grab") : this.view.isLooking || tools[this.editor.tool].isRound ? "none" : "cross";
  }

  #down(event) {
    if (!this.view.size) return;
    event.preventDefault();
    this.view.element.focus({ preventScroll: true });
    this.#keyboard = null;
    try {
      this.view.element.setPointerCapture(event.pointerId);
    } catch {
      // A pointer that is gone already.
    }
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (event.pointerType === "touch" && this.#pointers.size === 2) {
      // A second finger moves the picture; a stroke that has just begun was none.
      if (this.#stroke && this.#length(this.#stroke) < gestureSlack / this.view.scale) this.cancelStroke();
      if (!this.#stroke) return;
    }
    if (this.#stroke || this.#panPointer !== null || this.#pointers.size > 1) return;
    const point = this.view.toPicture(event);
    const isMoving = event.button === 1 || this.isSpaceDown || (this.editor.tool === "pan" && event.button === 0);
    if (isMoving) {
      this.#panPointer = event.pointerId;
      this.updateCursor();
      return;
    }
    if (this.view.isComparing && event.button === 0) {
      this.#strokePointer = event.pointerId;
      this.editor.compareAt(point.x / this.view.size.width);
      return;
    }
    if (this.view.isLooking && event.button === 0) {
      // A finger points by touching.
      this.#cursor = { clientX: event.clientX, clientY: event.clientY };
      this.view.touch(null);
      return;
    }
    // The other end of a pen reports the bit 32.
    const isErasing = event.button === 2 || (event.buttons & 32) !== 0;
    if (event.button !== 0 && !isErasing) return;
    const tool = isErasing ? "eraser" : this.editor.tool;
    this.#strokePointer = event.pointerId;
    this.#stroke = this.#begin(tool, point, event.shiftKey);
    this.view.touch(null);
  }

  #begin(tool, point, isShiftDown) {
    return new Stroke(
      this.editor.layer,
      {
        tool,
        radius: this.editor.radius(tool),
        value: this.editor.paintValue(tool),
        from: isShiftDown && tools[tool].isRound ? this.#lastPoint : undefined,
      },
      point,
    );
  }

  #length({ points }) {
    const [first] = points;
    return Math.max(...points.map(({ x, y }) => Math.hypot(x - first.x, y - first.y)));
  }

  #move(event) {
    this.#cursor = event.pointerType === "touch" && !this.view.isLooking ? null : { clientX: event.clientX, clientY: event.clientY };
    const known = this.#pointers.get(event.pointerId);
    if (known) this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (known && event.pointerType === "touch" && this.#pointers.size === 2 && !this.#stroke) {
      this.#pinch(event.pointerId, known);
    } else if (event.pointerId === this.#panPointer && known) {
      this.view.pan(event.clientX - known.x, event.clientY - known.y);
    } else if (event.pointerId === this.#strokePointer && this.#stroke) {
      const events = event.getCoalescedEvents?.() ?? [];
      for (const part of events.length ? events : [event]) {
        this.#stroke.add(this.view.toPicture(part), event.shiftKey && this.#stroke.tool !== "lasso");
      }
    } else if (event.pointerId === this.#strokePointer && this.view.isComparing) {
      this.editor.compareAt(this.view.toPicture(event).x / this.view.size.width);
    }
    this.view.touch(null);
  }

  #pinch(moved, before) {
    const [still] = [...this.#pointers].filter(([id]) => id !== moved).map(([, position]) => position);
    const now = this.#pointers.get(moved);
    const box = this.view.element.getBoundingClientRect();
    const distance = (a, b) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
    this.view.zoom(distance(now, still) / distance(before, still), {
      x: (now.x + still.x) / 2 - box.left,
      y: (now.y + still.y) / 2 - box.top,
    });
    this.view.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
  }

  #up(event, isCancelled = false) {
    this.#pointers.delete(event.pointerId);
    if (event.pointerId === this.#panPointer) {
      this.#panPointer = null;
      this.updateCursor();
    }
    if (event.pointerId !== this.#strokePointer) return;
    this.#strokePointer = null;
    if (isCancelled) return this.cancelStroke();
    this.#finish();
  }

  #finish() {
    const stroke = this.#stroke;
    this.#stroke = null;
    if (!stroke) return;
    this.#lastPoint = stroke.last;
    const step = stroke.end();
    if (step) this.editor.addStep(step);
    this.view.touch(null);
  }

  #wheel(event) {
    event.preventDefault();
    if (!this.view.size) return;
    const box = this.view.element.getBoundingClientRect();
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? box.height : 1;
    this.view.zoom(Math.exp(-Math.max(-240, Math.min(240, event.deltaY * unit)) / (event.ctrlKey ? 100 : 400)), {
      x: event.clientX - box.left,
      y: event.clientY - box.top,
    });
  }

  // Painting without a pointer: arrows move a cross, Space presses.

  /** @param {number} dx, dy steps in the picture's pixels */
  moveKeyboardCursor(dx, dy, isPressed) {
    const { width, height } = this.view.size;
    this.#keyboard ??= { point: { x: width / 2, y: height / 2 }, stroke: null };
    const { point } = this.#keyboard;
    const next = { x: Math.min(width, Math.max(0, point.x + dx)), y: Math.min(height, Math.max(0, point.y + dy)) };
    this.#keyboard.point = next;
    const tool = this.editor.tool === "pan" ? "brush" : this.editor.tool;
    if (isPressed && tools[tool].isRound) {
      const stroke = this.#begin(tool, point, false);
      stroke.add(next);
      this.#stroke = stroke;
      this.#finish();
    } else if (this.#stroke && this.#keyboard.stroke && tool === "rectangle") {
      this.#stroke.add(next);
    }
    this.view.touch(null);
    return next;
  }

  /** Presses at the cross: a dot, a corner of a rectangle, or a point of a lasso. */
  pressKeyboardCursor() {
    if (!this.#keyboard) this.moveKeyboardCursor(0, 0, false);
    const { point } = this.#keyboard;
    const tool = this.editor.tool === "pan" ? "brush" : this.editor.tool;
    if (tools[tool].isRound) {
      this.#stroke = this.#begin(tool, point, false);
      this.#finish();
    } else if (!this.#stroke) {
      this.#stroke = this.#begin(tool, point, false);
      this.#keyboard.stroke = tool;
    } else {
      this.#stroke.add(point);
      if (tool === "rectangle") this.#finish();
    }
    this.view.touch(null);
  }

  /** Ends a lasso that was begun by keys. */
  finishKeyboardStroke() {
    if (!this.#stroke || !this.#keyboard) return false;
    this.#finish();
    return true;
  }

  #drawMarks(context) {
    if (this.view.isOriginalShown) return;
    this.#stroke?.drawMarks(context, this.view);
    const isTool = this.editor.tool !== "pan" && !this.isSpaceDown && !this.view.isComparing;
    const box = this.view.element.getBoundingClientRect();
    let at = null;
    if (this.#keyboard) at = this.view.toScreen(this.#keyboard.point);
    else if (this.#cursor && isTool) at = { x: this.#cursor.clientX - box.left, y: this.#cursor.clientY - box.top };
    if (!at) return;
    if (this.view.isLooking) {
      this.editor.lookAt(context, this.view.toPicture({ clientX: at.x + box.left, clientY: at.y + box.top }));
      return;
    }
    const path = new Path2D();
    if (tools[this.editor.tool].isRound) {
      path.arc(at.x, at.y, Math.max(2, this.editor.radius(this.editor.tool) * this.view.scale), 0, 2 * Math.PI);
    }
    if (this.#keyboard || !tools[this.editor.tool].isRound) {
      path.moveTo(at.x - 9, at.y);
      path.lineTo(at.x + 9, at.y);
      path.moveTo(at.x, at.y - 9);
      path.lineTo(at.x, at.y + 9);
    }
    if (this.#keyboard || tools[this.editor.tool].isRound) outline(context, path);
  }
}
