// One hole over many pictures.

import * as api from "../core/api.js";
import { Editor } from "../core/editor.js";
import { zip } from "../core/zip.js";
import { save, show } from "./messages.js";

const element = (id) => document.getElementById(id);

/** Fills the hole in each of many pictures, and saves them as a zip file. */
export class BatchPanel {
  #controller = null;

  constructor(editor, fill) {
    this.editor = editor;
    this.fill = fill;
    element("choose-batch").addEventListener("click", () => element("batch-files").click());
    element("choose-folder").addEventListener("click", () => element("batch-folder").click());
    element("batch-stop").addEventListener("click", () => this.#controller?.abort());
    for (const id of ["batch-files", "batch-folder"]) {
      element(id).addEventListener("change", ({ target }) => {
        // A folder has whatever there is in it.
        const files = [...target.files].filter(({ type }) => type.startsWith("image/"));
        target.value = "";
        if (files.length) this.run(files);
        else show("The folder: expected JPEG, PNG or WebP pictures, found none.");
      });
    }
  }

  /** @param {File[]} files */
  async run(files) {
    const source = this.editor.source;
    const { hole } = await Editor.files(source);
    const { model } = this.fill;
    const options = { opacity: source.isTransparency ? "fill" : "", ...this.fill.options(model) };
    const nameOf = ({ name, webkitRelativePath }) => webkitRelativePath || name;
    this.#controller = new AbortController();
    element("batch-state").hidden = false;
    element("batch-stop").disabled = false;
    element("batch-problems").replaceChildren();
    const progress = element("batch-progress");
    Object.assign(progress, { max: files.length, value: 0 });
    const filled = [];
    for (const [index, file] of files.entries()) {
      element("batch-text").textContent = `${index + 1} of ${files.length}: ${nameOf(file)}`;
      try {
        const { blob } = await this.#patient({ image: file, hole, model: model.id, options });
        filled.push({ name: nameOf(file), bytes: new Uint8Array(await blob.arrayBuffer()) });
      } catch (error) {
        if (error.name === "AbortError") break;
        const item = document.createElement("li");
        item.textContent = `${nameOf(file)}: ${error.message}`;
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
