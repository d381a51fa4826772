// The studio's own server: every request goes to where the page came from.

/** An answer that is no success; its message is the server's sentence. */
export class Refusal extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

async function checked(response) {
  if (response.ok) return response;
  let sentence = `The studio answered with the status ${response.status}.`;
  try {
    sentence = (await response.json()).error ?? sentence;
  } catch {
    // The status is all there is.
  }
  throw new Refusal(response.status, sentence);
}

async function get(path, signal) {
  try {
    return await checked(await fetch(path, { signal }));
  } catch (error) {
    throw reachable(error);
  }
}

/** What went wrong on the way, in a sentence. */
function reachable(error) {
  if (error instanceof Refusal || error.name === "AbortError") return error;
  return new Refusal(0, "The studio does not answer; look whether it is still running.");
}

const encoded = (id) => id.split("/").map(encodeURIComponent).join("/");

export const models = async () => (await get("/api/v1/models")).json();
export const model = async (id, signal) => (await get(`/api/v1/models/${encoded(id)}`, signal)).json();
export const runs = async () => (await (await get("/api/v1/runs")).json()).runs;
export const curves = async (run) => (await (await get(`/api/v1/runs/${encoded(run)}/metrics`)).json()).curves;
export const sampleAddress = (run, step) => `/api/v1/runs/${encoded(run)}/samples/${step}`;
export const example = async (number) => (await get(`/api/v1/examples/${number}`)).blob();
export const examples = [1, 2, 3];
export const exampleAddress = (number) => `/api/v1/examples/${number}`;

/** Lines of a picture, white on black. */
export async function edges(image, signal) {
  const form = new FormData();
  form.append("image", image);
  return (await post("/api/v1/edges", form, signal)).blob();
}

async function post(path, form, signal) {
  const size = [...form.values()].reduce((sum, value) => sum + (value.size ?? 0), 0);
  if (size > 64 * 2 ** 20) {
    throw new Refusal(413, "The request: expected a body of at most 64 MiB, found a larger one.");
  }
  try {
    return await checked(await fetch(path, { method: "POST", body: form, signal }));
  } catch (error) {
    throw reachable(error);
  }
}

/**
 * A file of a hole, of lines or of labels as fillings read it: white on black, or in the colors of the classes.
 * @param {{kind: string, file: Blob, width: number, height: number, model?: string}} request `kind` is a field of the form
 * @returns {Promise<{blob: Blob, remarks: string[]}>}
 */
export async function read({ kind, file, width, height, model }, signal) {
  const form = new FormData();
  form.append(kind, file);
  form.append("size", `${width}x${height}`);
  if (model) form.append("model", model);
  const response = await post("/api/v1/read", form, signal);
  return { blob: await response.blob(), remarks: JSON.parse(field(response, "Kintsugi-Remarks") || "[]") };
}

const field = (response, name) => decodeURIComponent(response.headers.get(name) ?? "");

/** The classes that a model predicts, in their colors. */
export async function labels({ image, hole, model, job }, signal) {
  const form = new FormData();
  form.append("job", job);
  form.append("image", image);
  form.append("hole", hole);
  form.append("model", model);
  return (await post("/api/v1/labels", form, signal)).blob();
}

/** The form of a filling. */
function fillForm(request) {
  const form = new FormData();
  form.append("image", request.image);
  form.append("hole", request.hole);
  if (request.sketch) form.append("sketch", request.sketch);
  if (request.labels) form.append("labels", request.labels);
  form.append("model", request.model);
  form.append("job", request.job ?? newJob());
  for (const [name, value] of Object.entries(request.options ?? {})) {
    if (value !== "" && value != null) form.append(name, String(value));
  }
  return form;
}

/** Where a model's attention looks while it fills: the bytes of a rectangle, and of an offset for each pixel of it. */
export async function attention(request, signal) {
  return (await post("/api/v1/attention", fillForm(request), signal)).arrayBuffer();
}

/**
 * Fills a hole.
 * @param {{image: Blob, hole: Blob, sketch?: Blob, labels?: Blob, model: string, job?: string, options?: Object}} request
 * @returns {Promise<{blob: Blob, outcome: string, remarks: string[]}>}
 */
export async function fill(request, signal) {
  const response = await post("/api/v1/fill", fillForm(request), signal);
  return {
    blob: await response.blob(),
    outcome: field(response, "Kintsugi-Outcome"),
    remarks: JSON.parse(field(response, "Kintsugi-Remarks") || "[]"),
  };
}

/** A name for a filling, under which the queue's events speak of it. */
export function newJob() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Listens to the studio's events for as long as the page is open. */
export function listen(handlers) {
  const source = new EventSource("/api/v1/events");
  for (const [name, handler] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handler(JSON.parse(event.data)));
  }
  return source;
}
