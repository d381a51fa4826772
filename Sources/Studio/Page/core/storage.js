// The memory beyond a reload: the picture, its hole and lines in IndexedDB, the choices of tools in localStorage.

const databaseName = "kintsugi-studio";
const storeName = "session";

let database;

function open() {
  database ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return database;
}

async function perform(mode, body) {
  const transaction = (await open()).transaction(storeName, mode);
  const request = body(transaction.objectStore(storeName));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** Keeps a value; a browser that has no room for it goes on without. */
export async function keep(key, value) {
  try {
    await perform("readwrite", (store) => store.put(value, key));
  } catch {
    // Private windows and full disks: the page works, and forgets.
  }
}

export async function recall(key) {
  try {
    return await perform("readonly", (store) => store.get(key));
  } catch {
    return undefined;
  }
}

export const preferences = {
  get(name, fallback) {
    try {
      return JSON.parse(localStorage.getItem(`studio.${name}`)) ?? fallback;
    } catch {
      return fallback;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`studio.${name}`, JSON.stringify(value));
    } catch {
      // As above.
    }
  },
};
