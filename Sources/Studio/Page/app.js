// The page's parts, put together.

import * as api from "./core/api.js";
import { Editor, tools } from "./core/editor.js";
import { preferences } from "./core/storage.js";
import { PointerInput } from "./canvas/pointer.js";
import { View } from "./canvas/view.js";
import { BatchPanel } from "./panels/batch.js";
import { FillPanel } from "./panels/fill.js";
import { listen as listenToKeys } from "./panels/keys.js";
import { attempt, clear, save, show } from "./panels/messages.js";
import { LookPanel } from "./panels/look.js";
import { ResultsPanel } from "./panels/results.js";
import { TrainingPanel } from "./panels/training.js";

const element = (id) => document.getElementById(id);
const view = new View(element("view"));
const editor = new Editor(view);
const input = new PointerInput(editor);
editor.input = input;
const fill = new FillPanel(editor);
const results = new ResultsPanel(editor);
const look = new LookPanel(editor, fill);
const training = new TrainingPanel(editor, fill);
new BatchPanel(editor, fill);

const actions = {
  open: () => element("file").click(),
  openLayer: () => editor.hole && element("layer-file").click(),
  saveLayer: () =>
    editor.hole &&
    !editor.layer.isEmpty &&
    attempt(async () => {
      const stem = editor.original.name.replace(/\.[^.]*$/, "");
      save(await editor.layerFile(), `${stem}-${layerWords[editor.activeLayer].file}.png`);
    }),
  takeTransparency: () => editor.hasTransparency && attempt(() => editor.takeTransparency()),
  takeLines: () =>
    editor.hole &&
    editor.takesLines &&
    fill.perform("Looking for lines…", async (signal) => {
      editor.setActiveLayer("edges");
      await editor.loadLayer(await api.edges(editor.current.blob, signal), editor.lines, "Lines");
    }),
  predictLabels: () =>
    editor.labelClasses &&
    fill.perform("Predicting labels…", async (signal, job) => {
      editor.setActiveLayer("labels");
      const { image, hole } = await Editor.files(editor.source);
      await editor.loadLayer(await api.labels({ image, hole, model: fill.model.id, job }, signal), editor.labels, "Labels");
    }),
  switchLayer: () => {
    const names = editor.layerNames.map(([name]) => name);
    chooseLayer(names[(names.indexOf(editor.activeLayer) + 1) % names.length]);
  },
};

/** The words for files of layers, and the fields that the studio reads them in. */
const layerWords = {
  hole: { noun: "a picture of the hole", saved: "the hole as a picture", file: "hole", kind: "hole" },
  edges: { noun: "a picture of lines", saved: "the lines as a picture", file: "lines", kind: "sketch" },
  labels: { noun: "a label map", saved: "the labels as a label map", file: "labels", kind: "labels" },
};

/** Opens a file of the layer that is worked on, as the studio reads it. */
function openLayerFile(file) {
  const { layer, activeLayer } = editor;
  const { width, height } = layer;
  const { kind } = layerWords[activeLayer];
  const model = kind === "labels" ? fill.model.id : undefined;
  return attempt(async () => {
    const { blob, remarks } = await api.read({ kind, file, width, height, model });
    await editor.loadLayer(blob, layer);
    for (const remark of remarks) show(remark, "remark");
  });
}

/** Who begins to work on labels sees first what the network makes of the picture. */
function chooseLayer(name) {
  const isNew = name === "labels" && editor.activeLayer !== "labels" && editor.labels?.isEmpty && !editor.hole.isEmpty;
  editor.setActiveLayer(name);
  if (isNew) actions.predictLabels();
}

const openFile = (file) =>
  attempt(async () => {
    const { work } = editor;
    clear();
    await editor.open(file, file.name ?? "picture.png");
    input.begin();
    view.element.focus({ preventScroll: true });
    if (work) {
      show(`${editor.original.name} is open.`, "remark", {
        label: `Back to ${work.original.name}`,
        perform: () => editor.resume(work),
      });
    }
    if (!editor.hasTransparency) return;
    show("This picture has transparent pixels.", "remark", {
      label: "Use transparency as the hole",
      perform: actions.takeTransparency,
    });
  });

// The tools.

for (const [name, { label, key }] of Object.entries(tools)) {
  const button = document.createElement("button");
  button.id = `tool-${name}`;
  button.setAttribute("role", "radio");
  button.title = `${label} (${key.toUpperCase()})`;
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("class", "icon");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/icons.svg#${name}`);
  icon.append(use);
  const text = document.createElement("span");
  text.textContent = label;
  button.append(icon, text);
  button.addEventListener("click", () => editor.setTool(name));
  button.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const names = Object.keys(tools);
    const next = names[(names.indexOf(editor.tool) + step + names.length) % names.length];
    editor.setTool(next);
    element(`tool-${next}`).focus();
  });
  element("tools").append(button);
}

/** The slider's 0...100 as a diameter: small brushes are set finely. */
const diameter = (position) => Math.max(1, Math.round(600 ** (position / 100)));
const position = (size) => (100 * Math.log(size)) / Math.log(600);

function showTool() {
  for (const name of Object.keys(tools)) {
    const isChosen = editor.tool === name;
    element(`tool-${name}`).setAttribute("aria-checked", String(isChosen));
    element(`tool-${name}`).tabIndex = isChosen ? 0 : -1;
  }
  element("size-value").textContent = editor.brushSize;
  element("size").value = Math.round(position(editor.brushSize));
  const names = editor.layerNames;
  element("layers").hidden = names.length < 2;
  element("layers").replaceChildren(
    ...names.map(([name, label]) => {
      const button = document.createElement("button");
      button.textContent = label;
      button.title = "Switch (X)";
      button.setAttribute("role", "radio");
      button.setAttribute("aria-checked", String(editor.activeLayer === name));
      button.addEventListener("click", () => chooseLayer(name));
      return button;
    }),
  );
  document.querySelector("#layers-panel h2").textContent = names.map(([, label]) => label).join(", ");
  const isOnLabels = editor.activeLayer === "labels";
  for (const id of ["invert", "grow", "shrink"]) element(id).hidden = isOnLabels;
  element("outlines").hidden = editor.activeLayer !== "hole";
  const { noun, saved } = layerWords[editor.activeLayer];
  element("open-layer").title = `Open ${noun} (U)`;
  element("save-layer").title = `Save ${saved} (Shift+S)`;
  element("predict").hidden = !isOnLabels;
  showClasses(isOnLabels);
  element("edges").hidden = !editor.takesLines || editor.activeLayer !== "edges";
  element("clear").disabled = element("invert").disabled = element("open-layer").disabled = editor.hole === null;
  input.updateCursor();
  view.touch(null);
}

/** The classes to paint with, in their colors. */
function showClasses(isShown) {
  const list = element("classes");
  list.hidden = !isShown;
  if (!isShown) return;
  const { classes, name } = editor.labelClasses;
  if (list.dataset.list !== name) {
    list.dataset.list = name;
    list.replaceChildren(
      ...classes.map((entry, index) => {
        const button = document.createElement("button");
        button.setAttribute("role", "radio");
        const swatch = document.createElement("span");
        swatch.className = "swatch";
        swatch.style.background = `rgb(${entry.color.join(" ")})`;
        button.append(swatch, entry.name.replaceAll("_", " "));
        button.addEventListener("click", () => editor.setLabelClass(index));
        return button;
      }),
    );
  }
  [...list.children].forEach((button, index) => button.setAttribute("aria-checked", String(index === editor.labelClass)));
}

editor.addEventListener("tool", showTool);
element("size").addEventListener("input", ({ target }) => (editor.brushSize = diameter(target.value)));

// Buttons.

const buttons = {
  open: actions.open,
  choose: actions.open,
  undo: () => editor.history.undo(),
  redo: () => editor.history.redo(),
  clear: () => editor.clear(),
  invert: () => editor.invert(),
  grow: () => editor.grow(4),
  shrink: () => editor.grow(-4),
  outlines: () => editor.fillOutlines(),
  "open-layer": actions.openLayer,
  "save-layer": actions.saveLayer,
  transparency: actions.takeTransparency,
  edges: actions.takeLines,
  predict: actions.predictLabels,
  "zoom-in": () => view.zoom(1.25),
  "zoom-out": () => view.zoom(0.8),
  "zoom-fit": () => view.fit(),
};
for (const [id, action] of Object.entries(buttons)) element(id).addEventListener("click", action);

editor.history.addEventListener("change", () => {
  element("undo").disabled = !editor.history.canUndo;
  element("redo").disabled = !editor.history.canRedo;
});

editor.addEventListener("layers", () => {
  const isEmpty = !editor.hole || editor.layer.isEmpty;
  for (const id of ["grow", "shrink", "outlines", "save-layer"]) element(id).disabled = isEmpty;
});

editor.addEventListener("picture", () => {
  element("welcome").hidden = editor.current !== null;
  element("transparency").hidden = !editor.hasTransparency;
});

fill.addEventListener("pair", ({ left, right }) => results.start(left, right));

for (const name of View.tints) element("tint").append(new Option(name, name));
element("tint").value = view.tint = preferences.get("tint", "auto");
element("tint").addEventListener("change", ({ target }) => {
  view.tint = target.value;
  preferences.set("tint", target.value);
  view.redraw();
});

// Files.

element("file").addEventListener("change", ({ target }) => {
  const [file] = target.files;
  target.value = "";
  if (file) openFile(file);
});

element("layer-file").addEventListener("change", ({ target }) => {
  const [file] = target.files;
  target.value = "";
  if (file) openLayerFile(file);
});

window.addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files].find(({ type }) => type.startsWith("image/"));
  if (!file) return;
  event.preventDefault();
  openFile(file);
});

let dragged = 0;
window.addEventListener("dragenter", (event) => {
  event.preventDefault();
  dragged += 1;
  element("drop").hidden = false;
});
window.addEventListener("dragleave", () => {
  dragged -= 1;
  element("drop").hidden = dragged > 0;
});
window.addEventListener("dragover", (event) => event.preventDefault());
window.addEventListener("drop", (event) => {
  event.preventDefault();
  dragged = 0;
  element("drop").hidden = true;
  const [file] = event.dataTransfer.files;
  if (file) openFile(file);
});

for (const number of api.examples) {
  const button = document.createElement("button");
  const image = document.createElement("img");
  Object.assign(image, { src: api.exampleAddress(number), alt: `Example ${number}`, width: 150, height: 150 });
  button.append(image);
  button.addEventListener("click", () =>
    attempt(async () => {
      await openFile(new File([await api.example(number)], `example-${number}.png`, { type: "image/png" }));
    }),
  );
  element("examples").append(button);
}

listenToKeys({ editor, view, input, fill, results, look, actions });
showTool();
fill.update();

// What cannot be brought back is no reason to begin without models.
await attempt(() => editor.session.restore());
await attempt(async () => {
  await fill.load();
  await training.load(fill.watched);
});
api.listen({
  queue: (positions) => fill.queueChanged(positions),
  runs: (runs) =>
    attempt(async () => {
      await training.changed(runs);
      await fill.load();
    }),
});
document.documentElement.dataset.ready = "true";
// For tests and for the curious.
window.studio = { editor, view, fill, results, look };
