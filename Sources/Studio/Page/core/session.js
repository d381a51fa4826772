// What outlives a reload: pictures, layers, what was filled last, and the steps that can be taken back.

import { deflated, inflated } from "./png.js";
import { keep, recall } from "./storage.js";

/** The most bytes that are kept of results, and of steps when they are packed: of more, the oldest are forgotten. */
export const bounds = { results: 256 * 2 ** 20, steps: 32 * 2 ** 20 };

const newName = () => crypto.getRandomValues(new Uint32Array(3)).join("-");

/** Keeps an editor's work in the browser as it goes on, and brings it back. Who changed something last, of several pages, is kept. */
export class Session {
  #editor;
  #owner = newName();
  /** What is kept by its key, each with a stamp that changes with it. */
  #kept = new Map();
  /** The bytes of packed steps by their keys. */
  #sizes = new Map();
  #isPaused = false;
  #isWanted = false;
  /** True until everything that has changed is kept. */
  isWriting = false;

  constructor(editor) {
    this.#editor = editor;
    for (const name of ["layers", "picture", "results"]) editor.addEventListener(name, () => this.save());
    editor.history.addEventListener("change", () => this.save());
  }

  /** Keeps what has changed. */
  async save() {
    this.#isWanted = true;
    if (this.isWriting || this.#isPaused || !this.#editor.original) return;
    this.isWriting = true;
    try {
      while (this.#isWanted) {
        this.#isWanted = false;
        // Whatever goes on now is ended first.
        await Promise.resolve();
        await this.#write();
      }
    } finally {
      this.isWriting = false;
    }
  }

  async #write() {
    const isOwn = (await recall("owner")) === this.#owner;
    if (!isOwn) this.#kept.clear();
    const items = this.#items();
    const changed = [...items].filter(([key, { stamp }]) => !this.#kept.has(key) || this.#kept.get(key) !== stamp);
    // Each takes its copy now, and packs it later.
    const values = await Promise.all(changed.map(async ([key, { value }]) => [key, await value()]));
    for (const [key, value] of values) if (key.startsWith("step/")) this.#sizes.set(key, packedSize(value));
    const forgotten = [...this.#kept.keys()].filter((key) => !items.has(key));
    const isDone = await keep({ isCleared: !isOwn, values: new Map([...values, ["owner", this.#owner]]), forgotten });
    if (!isDone) return;
    for (const key of forgotten) this.#kept.delete(key);
    for (const [key, { stamp }] of changed) this.#kept.set(key, stamp);
  }

  /** Everything that is to be kept: by its key a stamp, and a function that packs it. */
  #items() {
    const { original, current, layers, last } = this.#editor;
    const results = this.#results();
    const isKept = (id) => id === 0 || results.some((result) => result.id === id);
    const { steps, position } = this.#steps(isKept);
    const items = new Map();
    items.set("picture", { stamp: original.blob, value: () => ({ blob: original.blob, name: original.name, format: original.format }) });
    for (const { id, blob, label, note, outcome } of results) {
      items.set(`result/${id}`, { stamp: blob, value: () => ({ id, blob, label, note, outcome }) });
    }
    for (const layer of Object.values(layers)) {
      const { name, version, isTransparency, values } = layer;
      items.set(`layer/${name}`, { stamp: version, value: async () => ({ isTransparency, values: await deflated(values) }) });
    }
    for (const step of steps) items.set(keyOf(step), { stamp: step.version, value: () => packed(step) });
    if (last && isKept(last.id)) items.set("last", { stamp: last, value: () => packedSource(last) });
    const state = {
      current: current.id,
      results: results.map(({ id }) => id),
      steps: steps.map(keyOf),
      position,
    };
    items.set("state", { stamp: JSON.stringify(state), value: () => state });
    return items;
  }

  /** The newest results, and the one that is shown. */
  #results() {
    const { results, current } = this.#editor;
    let bytes = 0;
    const isWithin = ({ blob }) => (bytes += blob.size) <= bounds.results;
    const newest = new Set([...results].reverse().filter(isWithin));
    return results.filter((result) => newest.has(result) || result.id === current.id);
  }

  /** The steps next to where the history stands that can be kept together, those behind it before those ahead. */
  #steps(isKept) {
    const { steps, position } = this.#editor.history;
    let bytes = 0;
    const fits = (step) => {
      bytes += this.#sizes.get(keyOf(step)) ?? 0;
      return bytes <= bounds.steps && (!step.show || (isKept(step.show.from) && isKept(step.show.to)));
    };
    let [first, end] = [position, position];
    while (first > 0 && fits(steps[first - 1])) first -= 1;
    while (end < steps.length && fits(steps[end])) end += 1;
    return { steps: steps.slice(first, end), position: position - first };
  }

  /** Opens what was open before the page was loaded anew. */
  async restore() {
    const editor = this.#editor;
    const [state, picture] = await Promise.all(["state", "picture"].map(recall));
    if (!state || !picture) return false;
    this.#isPaused = true;
    try {
      await editor.open(picture.blob, picture.name);
      editor.original.format = picture.format;
      this.#kept.set("picture", editor.original.blob);
      for (const id of state.results) {
        const result = await recall(`result/${id}`);
        if (!result) continue;
        editor.results.push({ ...result, bitmap: await createImageBitmap(result.blob) });
        this.#kept.set(`result/${id}`, editor.results.at(-1).blob);
      }
      for (const layer of Object.values(editor.layers)) {
        const kept = await recall(`layer/${layer.name}`);
        const values = kept && (await inflated(kept.values));
        if (values?.length === layer.values.length) layer.replace(values, "", kept.isTransparency);
        this.#kept.set(`layer/${layer.name}`, layer.version);
      }
      const steps = await this.#recalledSteps(state);
      const last = await recall("last");
      const source = last && editor.picture(last.picture);
      editor.restored({
        current: editor.picture(state.current) ?? editor.original,
        last: source ? { ...source, ...(await unpackedSource(last)) } : null,
        steps,
        position: steps.length ? state.position : 0,
      });
      if (editor.last) this.#kept.set("last", editor.last);
      // From here on it is this page's.
      await keep({ values: [["owner", this.#owner]] });
    } finally {
      this.#isPaused = false;
    }
    this.save();
    return true;
  }

  /** All steps, or none if one is missing or leads to a picture that is. */
  async #recalledSteps(state) {
    const steps = [];
    for (const key of state.steps) {
      const kept = await recall(key);
      const ids = kept?.show ? [kept.show.from, kept.show.to] : [];
      if (!kept || ids.some((id) => !this.#editor.picture(id))) return [];
      steps.push({ ...(await unpacked(kept)), key });
      this.#sizes.set(key, packedSize(kept));
      this.#kept.set(key, steps.at(-1).version);
    }
    return steps;
  }
}

const keyOf = (step) => (step.key ??= `step/${newName()}`);

const packedSize = ({ changes }) => changes.reduce((sum, { values }) => sum + values.length, 0);

/** A step with its tiles, which are mostly of one value, in a few bytes. */
async function packed({ name, bytes, show, changes = [], version }) {
  return {
    name,
    bytes,
    show,
    version,
    changes: await Promise.all(
      changes.map(async ({ layer, isTransparency, tiles }) => {
        const [indices, lengths] = [[...tiles.keys()], [...tiles.values()].map(({ length }) => length)];
        return { layer, isTransparency, indices, lengths, values: await deflated(...tiles.values()) };
      }),
    ),
  };
}

async function unpacked({ name, bytes, show, changes, version }) {
  const restored = changes.map(async ({ layer, isTransparency, indices, lengths, values }) => {
    const all = await inflated(values);
    let at = 0;
    const tiles = new Map(indices.map((index, number) => [index, all.slice(at, (at += lengths[number]))]));
    return { layer, isTransparency, tiles };
  });
  return { name, bytes, show, version, changes: await Promise.all(restored) };
}

const sourceLayers = ["hole", "lines", "labels"];

async function packedSource({ id, width, height, isTransparency, ...source }) {
  const layers = sourceLayers.map(async (name) => [name, source[name] && (await deflated(source[name]))]);
  return { picture: id, width, height, isTransparency, ...Object.fromEntries(await Promise.all(layers)) };
}

async function unpackedSource({ width, height, isTransparency, ...source }) {
  const layers = sourceLayers.map(async (name) => [name, source[name] && (await inflated(source[name]))]);
  return { width, height, isTransparency, ...Object.fromEntries(await Promise.all(layers)) };
}
