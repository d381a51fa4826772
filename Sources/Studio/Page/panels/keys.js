// Keys for every action, and the list of them.

const list = [
  ["Enter", "Fill the hole"],
  ["Shift+Enter", "Fill the last hole again"],
  ["B E R L M", "Brush, eraser, rectangle, lasso, move"],
  ["[ ]", "Smaller, larger brush (with Shift in tens)"],
  ["Shift+click", "Straight line from the end of the last stroke"],
  ["Right drag", "Erase"],
  ["Middle drag, Space+drag", "Move the picture"],
  ["Wheel, + −", "Larger, smaller"],
  ["Esc", "Fit the window; cancel a stroke or a filling"],
  ["Tab or O, held", "See the original"],
  ["C", "Compare with the original"],
  ["W", "See where a network looked, pixel by pixel"],
  ["Ctrl+Z, Ctrl+Shift+Z", "Undo, redo: strokes and results"],
  ["Delete, I", "Clear, invert the hole"],
  ["G, Shift+G", "Grow, shrink the hole"],
  ["F", "Fill what the hole's outlines enclose"],
  ["X", "Hole, labels or lines, as far as the model follows them"],
  ["K, J", "Take the lines of the picture; predict its labels"],
  ["Ctrl+O, Ctrl+V", "Open, paste a picture"],
  ["Ctrl+S, Ctrl+C", "Save, copy the result"],
  ["U, Shift+S", "Open, save a picture of the hole, of lines, or a label map"],
  ["T", "Use the picture's transparency as the hole"],
  ["Arrows", "Move the brush by keys (Shift: by single pixels; Ctrl: painting)"],
  ["Space", "Paint a dot by keys; a corner of a rectangle, a point of a lasso (Enter closes it)"],
  ["? H", "This list"],
];

const element = (id) => document.getElementById(id);

/** True for what takes letters and Enter itself. */
function isControl(target, key) {
  if (target.closest("dialog, textarea, select, input[type=number]")) return true;
  if (target.matches("input[type=range]")) return key.startsWith("Arrow") || key === "Home" || key === "End";
  return target.matches("button, a, summary, input") && (key === "Enter" || key === " " || key.startsWith("Arrow"));
}

/**
 * Listens to keys.
 * @param studio has `editor`, `view`, `input`, `fill`, `results`, `look` and `actions`
 */
export function listen(studio) {
  const { editor, view, input, fill, results, look, actions } = studio;
  element("keys-list").append(
    ...list.flatMap(([keys, meaning]) => {
      const [term, text] = [document.createElement("dt"), document.createElement("dd")];
      term.append(Object.assign(document.createElement("kbd"), { textContent: keys }));
      text.textContent = meaning;
      return [term, text];
    }),
  );
  const showKeys = () => element("keys").showModal();
  element("help").addEventListener("click", showKeys);

  const isOnPicture = () => document.activeElement === view.element || document.activeElement === document.body;
  let tabPressed = 0;
  let spaceUsed = false;

  const commands = {
    o: () => actions.open(),
    s: () => results.download(),
    z: () => editor.history.undo(),
    Z: () => editor.history.redo(),
    y: () => editor.history.redo(),
  };

  const plain = {
    Enter: () => input.finishKeyboardStroke() || fill.run(),
    Escape: () => {
      if (input.isDrawing) input.cancelStroke();
      else if (fill.isRunning) fill.cancel();
      else if (look.isLooking) look.stop();
      else view.fit();
    },
    "[": () => (editor.brushSize -= 1),
    "]": () => (editor.brushSize += 1),
    "{": () => (editor.brushSize -= 10),
    "}": () => (editor.brushSize += 10),
    "+": () => view.zoom(1.25),
    "=": () => view.zoom(1.25),
    "-": () => view.zoom(0.8),
    b: () => editor.setTool("brush"),
    e: () => editor.setTool("eraser"),
    r: () => editor.setTool("rectangle"),
    l: () => editor.setTool("lasso"),
    m: () => editor.setTool("pan"),
    R: () => fill.run(),
    c: () => results.toggle(),
    w: () => look.toggle(),
    i: () => editor.hole && editor.activeLayer !== "labels" && editor.invert(),
    g: () => editor.hole && editor.activeLayer !== "labels" && editor.grow(4),
    G: () => editor.hole && editor.activeLayer !== "labels" && editor.grow(-4),
    f: () => editor.hole && editor.activeLayer === "hole" && editor.fillOutlines(),
    Delete: () => editor.hole && editor.clear(),
    Backspace: () => editor.hole && editor.clear(),
    u: () => actions.openLayer(),
    S: () => actions.saveLayer(),
    t: () => actions.takeTransparency(),
    k: () => actions.takeLines(),
    j: () => actions.predictLabels(),
    x: () => actions.switchLayer(),
    h: showKeys,
    "?": showKeys,
  };

  function down(event) {
    const { target } = event;
    const key = letterOf(event);
    if (target.closest?.("dialog")) return;
    input.isShiftDown = event.shiftKey;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && key in commands) {
      if (target.matches("input[type=number]") && key !== "s" && key !== "o") return;
      event.preventDefault();
      commands[key]();
      return;
    }
    if ((event.ctrlKey || event.metaKey) && key === "c" && !getSelection().toString() && editor.current) {
      event.preventDefault();
      results.copy();
      return;
    }
    if (key === "Tab" && document.activeElement === view.element && editor.results.length) {
      // Held, it shows the original; tapped, it goes on to the next control as ever.
      event.preventDefault();
      if (!event.repeat) tabPressed = performance.now();
      results.peek(true);
      return;
    }
    if (event.altKey || event.metaKey || isControl(target, key)) return;
    if (key.startsWith("Arrow") && isOnPicture() && view.size) {
      event.preventDefault();
      moveBrush(event);
      return;
    }
    if (event.ctrlKey) return;
    if (key === " " && isOnPicture()) {
      event.preventDefault();
      if (!event.repeat) spaceUsed = false;
      input.isSpaceDown = true;
      input.updateCursor();
      return;
    }
    if (key === "o") return results.peek(true);
    if (event.repeat && !["[", "]", "{", "}", "+", "-", "="].includes(key)) return;
    if (key === "Enter" && event.shiftKey) return fill.again();
    if (key in plain) {
      event.preventDefault();
      plain[key]();
    }
  }

  function moveBrush({ key, shiftKey, ctrlKey }) {
    const step = shiftKey ? 1 : Math.max(4, editor.brushSize / 2);
    const [dx, dy] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[key];
    look.tell(input.moveKeyboardCursor(dx, dy, ctrlKey && !look.isLooking));
  }

  function up(event) {
    const { shiftKey } = event;
    const key = letterOf(event);
    if (key === "Tab" && tabPressed) {
      const wasTapped = performance.now() - tabPressed < 300;
      tabPressed = 0;
      results.peek(false);
      if (wasTapped) focusNext(view.element, shiftKey);
    }
    if (key.toLowerCase() === "o") results.peek(false);
    if (key === " " && input.isSpaceDown) {
      input.isSpaceDown = false;
      input.updateCursor();
      if (!spaceUsed && isOnPicture() && view.size && !look.isLooking) input.pressKeyboardCursor();
    }
    if (key === "Shift") input.isShiftDown = false;
  }

  view.element.addEventListener("pointerdown", () => (spaceUsed = true), true);
  window.addEventListener("keydown", down);
  window.addEventListener("keyup", up);
  // Who leaves the window by Alt+Tab lets go of keys that nobody hears of.
  window.addEventListener("blur", () => {
    tabPressed = 0;
    results.peek(false);
    input.reset();
  });
}

/** The key of an event; of letters, Shift alone tells large from small, for Caps Lock is often on by mistake. */
function letterOf({ key, shiftKey }) {
  if (!/^\p{L}$/u.test(key)) return key;
  return shiftKey ? key.toUpperCase() : key.toLowerCase();
}

/** Moves the focus to the next control, or the one before. */
function focusNext(from, isBackward) {
  const all = [...document.querySelectorAll("button, select, input, summary, a[href], [tabindex='0']")].filter(
    (node) => !node.disabled && node.type !== "file" && node.tabIndex >= 0 && node.offsetParent !== null,
  );
  const index = all.indexOf(from) + (isBackward ? -1 : 1);
  (all[index] ?? all[0]).focus();
}
