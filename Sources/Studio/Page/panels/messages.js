// Words for the person at the page.

const element = (id) => document.getElementById(id);

/**
 * Shows a sentence until it is dismissed; remarks go by themselves.
 * @param {{label: string, perform: () => void}?} action a button beside it, for which it stays
 */
export function show(sentence, kind = "error", action = null) {
  const messages = element("messages");
  if ([...messages.children].some((child) => child.firstChild.textContent === sentence)) return;
  const message = document.createElement("div");
  message.className = `message ${kind}`;
  const text = document.createElement("span");
  text.textContent = sentence;
  const close = document.createElement("button");
  close.textContent = "✕";
  close.setAttribute("aria-label", "Dismiss");
  close.addEventListener("click", () => message.remove());
  message.append(text);
  if (action) {
    const button = document.createElement("button");
    button.className = "action";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      message.remove();
      action.perform();
    });
    message.append(button);
  }
  message.append(close);
  messages.append(message);
  while (messages.children.length > 3) messages.firstChild.remove();
  if (kind !== "error" && !action) setTimeout(() => message.remove(), 6000);
}

export function clear() {
  element("messages").replaceChildren();
}

/** Says something to who does not see the page. */
export function say(text) {
  element("status").textContent = text;
}

/** Does something, and shows the sentence of what goes wrong. */
export async function attempt(body) {
  try {
    return await body();
  } catch (error) {
    if (error.name !== "AbortError") show(error.message);
    return undefined;
  }
}

/** Has the browser save a file. */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
