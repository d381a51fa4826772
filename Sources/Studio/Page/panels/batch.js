// One hole over many pictures.

import * as api from "../core/api.js";
import { Editor } from "../core/editor.js";
import { zip } from "../core/zip.js";
import { save } from "./messages.js";

const element = (id) => document.getElementById(id);

/** Fills the hole in each of many pictures, and saves them as a zip file. */
export class BatchPanel {
  #controller = null;

  constructor(editor, fill) {
    this.editor = editor;
    this.fill = fill;
    element("choose-batch").addEventListener("click", () => element("batch-files").click());
    element("batch-stop").addEventListener("click", () => this.#controller?.abort());
    element("batch-files").addEventListener("change", ({ target }) => {
      const files = [...target.files];
      target.value = "";
      if (files.length) this.run(files);
    });
  }

  /** @param {File[]} files */
  async run(files) {
    const source = this.editor.source;
    const { hole, opacity } = await Editor.files(source);
    const { model } = this.fill;
    this.#controller = new AbortController();
    element("batch-state").hidden = false;
    element("batch-stop").disabled = false;
    element("batch-problems").replaceChildren();
    const progress = element("batch-progress");
    Object.assign(progress, { max: files.length, value: 0 });
    const filled = [];
    for (const [index, file] of files.entries()) {
      element("batch-text").textContent = `${index + 1} of ${files.length}: ${file.name}`;
      try {
        const { blob } = await this.#patient({ image: file, hole, model: model.id, options: { opacity } });
        filled.push({ name: file.name, bytes: new Uint8Array(await blob.arrayBuffer()) });
      } catch (error) {
        if (error.name === "AbortError") break;
        const item = document.createElement("li");
        item.textContent = `${file.name}: ${error.message}`;
        element("batch-problems").append(item);
      }
      progress.value = index + 1;
    }
    element("batch-stop").disabled = true;
    element("batch-text").textContent = `${filled.length} of ${files.length} pictures are filled.`;
    if (filled.length) save(zip(filled), "filled.zip");
  }

  /** Waits for a place in the queue. */
  async #patient(request) {
    for (;;) {
      try {
        return await api.fill(request, this.#controller.signal);
      } catch (error) {
        if (error.status !== 429) throw error;
        await new Promise((resolve) => setTimeout(resolve, 1500));
      }
    }
  }
}
