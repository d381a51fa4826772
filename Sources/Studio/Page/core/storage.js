// The memory beyond a reload: what is worked on in IndexedDB, the choices of tools in localStorage.

const databaseName = "kintsugi-studio";
const storeName = "session";

let database;

function open() {
  database ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 2);
    request.onupgradeneeded = () => {
      if (request.result.objectStoreNames.contains(storeName)) request.result.deleteObjectStore(storeName);
      request.result.createObjectStore(storeName);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return database;
}

async function perform(mode, body) {
  const transaction = (await open()).transaction(storeName, mode);
  const request = body(transaction.objectStore(storeName));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/**
 * Keeps values by their keys and forgets others, all at once or not at all.
 * @param {{isCleared: boolean, values: Map, forgotten: Array}} changes `isCleared` forgets everything before
 * @returns whether there was room: private windows and full disks have none, and the page goes on without
 */
export async function keep({ isCleared = false, values, forgotten = [] }) {
  try {
    await perform("readwrite", (store) => {
      if (isCleared) store.clear();
      for (const key of forgotten) store.delete(key);
      for (const [key, value] of values) store.put(value, key);
    });
    return true;
  } catch {
    return false;
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
