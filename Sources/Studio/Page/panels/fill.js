// The models, their options, and filling.

import * as api from "../core/api.js";
import { Editor } from "../core/editor.js";
import { preferences } from "../core/storage.js";
import { attempt, clear, say, show } from "./messages.js";

const element = (id) => document.getElementById(id);

/** Chooses a model and fills by it. Announces `models`. */
export class FillPanel extends EventTarget {
  models = [];
  watched = null;
  #running = null;
  #details = null;
  #queue = [];
  /** The remarks that were shown, by the picture. */
  #told = new WeakMap();

  constructor(editor) {
    super();
    this.editor = editor;
    element("model").addEventListener("change", () => this.#choose());
    element("other-model").addEventListener("change", ({ target }) => preferences.set("other", target.value));
    element("run").addEventListener("click", () => this.run());
    element("again").addEventListener("click", () => this.again());
    element("run-pair").addEventListener("click", () => this.runPair());
    element("cancel").addEventListener("click", () => this.cancel());
    for (const name of ["layers", "picture", "results"]) editor.addEventListener(name, () => this.update());
  }

  get model() {
    return this.models.find(({ id }) => id === element("model").value);
  }

  get isRunning() {
    return this.#running !== null;
  }

  /** Asks for the list of models anew; the choice stays. */
  async load() {
    const { models, watched } = await api.models();
    const isFirst = this.models.length === 0;
    this.models = models;
    this.watched = watched;
    const wanted = isFirst ? preferences.get("model", null) : element("model").value;
    const newest = watched && models.find(({ run, id }) => run === watched && id.endsWith("/latest"))?.id;
    const known = (id) => models.some((model) => model.id === id);
    this.#fillSelect(element("model"), (isFirst && newest) || (known(wanted) ? wanted : models[0].id));
    const other = preferences.get("other", null);
    this.#fillSelect(element("other-model"), known(other) ? other : (models[1] ?? models[0]).id);
    if (isFirst || element("model").value !== wanted) await this.#choose();
    this.dispatchEvent(new Event("models"));
  }

  #fillSelect(select, value) {
    const groups = new Map();
    for (const { id, name, group, run } of this.models) {
      if (!groups.has(group)) groups.set(group, Object.assign(document.createElement("optgroup"), { label: group }));
      groups.get(group).append(new Option(run ? `${run} · ${name}` : name, id));
    }
    select.replaceChildren(...groups.values());
    select.value = value;
  }

  /** Shows what the chosen model takes; a network is loaded for it, so that the first filling need not wait. */
  async #choose() {
    const { model } = this;
    preferences.set("model", model.id);
    this.#details?.abort();
    this.#details = new AbortController();
    const isNetwork = !model.id.startsWith("methods/");
    element("network-options").hidden = !isNetwork;
    element("seed-row").hidden = model.id !== "methods/patches";
    element("options").hidden = !isNetwork && model.id !== "methods/patches";
    element("model-note").textContent = isNetwork ? "Loading…" : "";
    if (model.conditions) this.editor.setTakesLines(model.conditions.includes("edges"));
    if (!isNetwork) this.editor.setLabelClasses(null);
    this.update();
    if (!isNetwork) return;
    try {
      const details = await api.model(model.id, this.#details.signal);
      if (this.model?.id !== details.id) return;
      element("model-note").textContent =
        `Trained with ${details.trained_size} × ${details.trained_size} pixels` +
        (details.conditions.includes("edges") ? "; follows lines." : details.labels ? "; follows labels." : ".");
      this.editor.setTakesLines(details.conditions.includes("edges"));
      this.editor.setLabelClasses(details.labels);
    } catch (error) {
      if (error.name === "AbortError") return;
      element("model-note").textContent = "";
      show(error.message);
    }
  }

  /** The options for a model, as fields of the form. */
  options(model) {
    if (model.id === "methods/patches") return { seed: element("seed").value };
    if (model.id.startsWith("methods/")) return {};
    return {
      strategy: element("strategy").value,
      paste: element("paste").value,
      detail: element("detail").value === "0" ? "" : element("detail").value,
    };
  }

  update() {
    const { editor } = this;
    const canFill = editor.hole !== null && !editor.hole.isEmpty && !this.isRunning;
    element("run").disabled = !canFill;
    element("run-pair").disabled = !canFill;
    for (const id of ["choose-batch", "choose-folder"]) element(id).disabled = !canFill;
    element("again").disabled = editor.last === null || this.isRunning;
    element("hint").textContent = !editor.hole
      ? "Open a picture first."
      : editor.hole.isEmpty
        ? "Paint over what is to be filled."
        : `${((100 * editor.hole.count) / editor.hole.values.length).toFixed(1)} % of the picture will be filled.`;
  }

  /** Fills the hole by the chosen model. */
  run() {
    if (element("run").disabled) return;
    return this.#fill(this.editor.source, (result, source) => this.editor.takeResult(result, source));
  }

  /** Fills what was filled last once more. */
  again() {
    if (element("again").disabled) return;
    const { last } = this.editor;
    return this.#fill(last, (result) => {
      this.editor.addResult(result);
      this.editor.choose(result, "Fill again");
    });
  }

  /** Fills the hole by two models and shows them beside each other. */
  async runPair() {
    if (element("run-pair").disabled) return;
    const other = this.models.find(({ id }) => id === element("other-model").value);
    const source = this.editor.source;
    let first;
    await this.#fill(source, (result) => (first = result), other);
    if (!first) return;
    this.editor.addResult(first);
    await this.#fill(source, (result) => {
      this.editor.takeResult(result, source);
      this.dispatchEvent(Object.assign(new Event("pair"), { left: first, right: result }));
    });
  }

  #fill(source, take, model = this.model) {
    return this.perform("Filling…", async (signal, job) => {
      const started = performance.now();
      const result = await this.fill(source, model, signal, job);
      const seconds = (performance.now() - started) / 1000;
      result.note = `${seconds.toFixed(1)} s`;
      take(result, source);
      say(`${result.label}: ${result.outcome}`);
      for (const remark of result.remarks) this.#remark(remark);
    });
  }

  /** Shows what the studio remarks on a filling, once for each picture. */
  #remark(remark) {
    const { original } = this.editor;
    const told = this.#told.get(original) ?? new Set();
    this.#told.set(original, told);
    if (!told.has(remark)) show(remark, "remark");
    told.add(remark);
  }

  /**
   * Does something that takes a while, unless something is being done already: it is shown, and can be cancelled.
   * @param {string} text the words for it once its turn has come
   * @param {(signal: AbortSignal, job: string) => Promise} body `job` is the name by which the queue speaks of it
   */
  async perform(text, body) {
    if (this.isRunning) return;
    clear();
    const controller = new AbortController();
    const job = api.newJob();
    this.#running = { controller, job, text };
    this.#showProgress();
    this.update();
    await attempt(() => body(controller.signal, job));
    this.#running = null;
    element("busy").hidden = true;
    this.update();
  }

  /** The files of a source as far as a model takes them. */
  files(source, model) {
    const isChosen = model.id === this.model?.id;
    const takes = (condition, chosen) => (isChosen ? chosen : (model.conditions?.includes(condition) ?? false));
    return Editor.files(source, {
      takesLines: takes("edges", this.editor.takesLines),
      takesLabels: takes("requested labels", this.editor.labelClasses !== null),
    });
  }

  /** A filling of a source by a model, as a PNG file, for what is worked on must not lose anything. */
  async fill(source, model, signal, job) {
    const options = { format: "png", opacity: source.isTransparency ? "fill" : "", ...this.options(model) };
    const files = await this.files(source, model);
    const { blob, outcome, remarks } = await api.fill({ ...files, model: model.id, job, options }, signal);
    const bitmap = await createImageBitmap(blob);
    const label = model.run ? `${model.run}, step ${model.step}` : model.name;
    return { blob, bitmap, label, outcome, remarks, made: { source, model, options } };
  }

  cancel() {
    this.#running?.controller.abort();
  }

  /** What the queue says of all fillings. */
  queueChanged(positions) {
    this.#queue = positions;
    this.#showProgress();
  }

  #showProgress() {
    if (!this.#running) return;
    const own = this.#queue.find(({ job }) => job === this.#running.job);
    const bar = element("progress");
    bar.removeAttribute("value");
    let text = "Sending the picture…";
    if (own?.ahead > 0) text = own.ahead === 1 ? "Next in the queue…" : `${own.ahead} fillings before this one…`;
    else if (own && own.count > 1) {
      text = `Filling part ${own.done + 1} of ${own.count}…`;
      bar.value = (own.done + 0.5) / own.count;
    } else if (own) text = this.#running.text;
    element("busy-text").textContent = text;
    element("busy").hidden = false;
  }
}
