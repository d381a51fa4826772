// A run while it trains: its curves, its sheets, and the person's own picture filled by each new checkpoint.

import * as api from "../core/api.js";
import { attempt, say } from "./messages.js";

const element = (id) => document.getElementById(id);
const svg = (name, attributes) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

/** Follows runs. */
export class TrainingPanel {
  #runs = [];
  #isBusy = false;
  #wanted = null;
  /** The newest step of each run by which the picture was filled, or that was there when following began. */
  #filled = new Map();

  constructor(editor, fill) {
    this.editor = editor;
    this.fill = fill;
    element("run-choice").addEventListener("change", () => this.#show(true));
    element("follow").addEventListener("change", ({ target }) => {
      if (target.checked) this.#filled.set(this.run?.name, this.run?.checkpoints.at(-1));
    });
    element("sheet-slider").addEventListener("input", () => this.#showSheet());
  }

  get run() {
    return this.#runs.find(({ name }) => name === element("run-choice").value);
  }

  async load(watched) {
    this.#runs = await api.runs();
    element("training-panel").hidden = this.#runs.length === 0;
    const chosen = watched ?? element("run-choice").value;
    element("run-choice").replaceChildren(...this.#runs.map(({ name }) => new Option(name, name)));
    if (this.#runs.some(({ name }) => name === chosen)) element("run-choice").value = chosen;
    if (watched) element("follow").checked = true;
    for (const { name, checkpoints } of this.#runs) {
      if (!this.#filled.has(name)) this.#filled.set(name, checkpoints.at(-1) ?? 0);
    }
    if (this.run) await this.#show(true);
  }

  /** Takes over runs that have changed. */
  async changed(runs) {
    for (const run of runs) {
      const index = this.#runs.findIndex(({ name }) => name === run.name);
      if (index < 0) return this.load(null);
      this.#runs[index] = run;
    }
    if (!runs.some(({ name }) => name === this.run?.name)) return;
    await this.#show(false);
    await this.#fillAnew();
  }

  async #show(isOther) {
    const { run } = this;
    const newest = run.checkpoints.at(-1);
    element("run-note").textContent = newest === undefined ? "No checkpoint yet." : `Newest checkpoint: step ${newest}.`;
    const slider = element("sheet-slider");
    const wasNewest = Number(slider.value) === Number(slider.max);
    slider.max = Math.max(0, run.samples.length - 1);
    if (isOther || wasNewest) slider.value = slider.max;
    this.#showSheet();
    await attempt(async () => this.#showCurves(await api.curves(run.name)));
  }

  #showSheet() {
    const { run } = this;
    element("sheet").hidden = run.samples.length === 0;
    if (run.samples.length === 0) return;
    const step = run.samples[Number(element("sheet-slider").value)] ?? run.samples.at(-1);
    const address = api.sampleAddress(run.name, step);
    element("sheet-step").textContent = step;
    element("sheet-link").href = address;
    if (element("sheet-image").getAttribute("src") !== address) {
      element("sheet-image").src = address;
      element("sheet-image").alt = `Sample sheet after step ${step}`;
    }
  }

  #showCurves(curves) {
    const times = ["seconds", "images_per_second", "data_wait_seconds"];
    const shown = curves
      .filter(({ name }) => !times.includes(name) && !name.includes("spectral_norm") && !/_(mean_colou?r|harmonic)$/.test(name))
      .sort((a, b) => b.name.startsWith("validation/") - a.name.startsWith("validation/"));
    element("curves").replaceChildren(...shown.map((curve) => this.#curve(curve, curves)));
  }

  #curve({ name, steps, values }, all) {
    const root = document.createElement("div");
    root.className = "curve";
    const head = document.createElement("div");
    head.className = "head";
    const digits = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));
    const title = document.createElement("span");
    title.textContent = name.replace("validation/", "Validation: ").replaceAll("_", " ");
    const newest = document.createElement("b");
    newest.textContent = digits(values.at(-1));
    head.append(title, newest);
    // The harmonic fill is what a network has to be ahead of.
    const harmonic = all.find((other) => other.name === `${name}_harmonic`);
    const levels = harmonic ? [...values, harmonic.values.at(-1)] : values;
    const [low, high] = [Math.min(...levels), Math.max(...levels)];
    const across = (step) => (100 * (step - steps[0])) / Math.max(1, steps.at(-1) - steps[0]);
    const up = (value) => 38 - (36 * (value - low)) / Math.max(1e-12, high - low);
    const picture = svg("svg", { viewBox: "0 0 100 40", preserveAspectRatio: "none", role: "img" });
    picture.setAttribute("aria-label", `${title.textContent}: ${digits(values[0])} at step ${steps[0]}, ${digits(values.at(-1))} at step ${steps.at(-1)}`);
    picture.append(svg("line", { class: "axis", x1: 0, x2: 100, y1: 39.5, y2: 39.5 }));
    if (harmonic) {
      const y = up(harmonic.values.at(-1));
      picture.append(svg("line", { class: "axis", x1: 0, x2: 100, y1: y, y2: y, "stroke-dasharray": "4 3" }));
    }
    const points = values.map((value, index) => `${across(steps[index]).toFixed(2)},${up(value).toFixed(2)}`);
    picture.append(svg("polyline", { class: "line", points: points.join(" ") }));
    const ends = document.createElement("div");
    ends.className = "ends";
    const texts = [`step ${steps[0]}`, harmonic ? `dashed: harmonic fill, ${digits(harmonic.values.at(-1))}` : "", `${steps.at(-1)}`];
    ends.append(...texts.map((text) => Object.assign(document.createElement("span"), { textContent: text })));
    root.append(head, picture, ends);
    return root;
  }

  /** Fills what was filled last by the newest checkpoint; the filling is pinned beside the older ones. */
  async #fillAnew() {
    const { run } = this;
    const newest = run.checkpoints.at(-1);
    if (newest === undefined || newest === this.#filled.get(run.name)) return;
    this.#wanted = { run: run.name, step: newest };
    await this.fill.load();
    if (this.#isBusy || !element("follow").checked || !this.editor.last) return;
    this.#isBusy = true;
    // Checkpoints that come meanwhile are passed over but for the newest.
    while (this.#wanted && element("follow").checked) {
      const { run: name, step } = this.#wanted;
      this.#wanted = null;
      this.#filled.set(name, step);
      const model = this.fill.models.find((entry) => entry.run === name && entry.step === step);
      const { last } = this.editor;
      if (!model || !last) continue;
      try {
        const result = await this.fill.fill(last, model);
        result.note = "new checkpoint";
        if (last === this.editor.last) this.editor.addResult(result);
        say(`Filled by step ${step}`);
      } catch (error) {
        if (error.status !== 429 && error.status !== 404) throw error;
      }
    }
    this.#isBusy = false;
  }
}
