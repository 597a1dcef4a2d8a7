/** Something to be sent, as it is kept in the browser. */
export interface KeptPost {
  /** Sorts by the time at which it was made. */
  readonly id: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What is kept in the browser until the server has it. */
export interface OutboxStore {
  all(): Promise<KeptPost[]>;
  put(post: KeptPost): Promise<void>;
  remove(id: string): Promise<void>;
}

/**
 * A store in the browser's database. `put` returns when the post is on the disk, so that a killed browser loses nothing.
 *
 * @param ledger The ledger that the answers are for: those for another one are left alone.
 */
export async function openOutboxStore(ledger: string): Promise<OutboxStore> {
  const opening = indexedDB.open("burp-finder", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("outbox", { keyPath: ["ledger", "id"] });
  const database = await result(opening);
  const run = async <T>(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    const transaction = database.transaction("outbox", mode, { durability: "strict" });
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    const [value] = await Promise.all([result(work(transaction.objectStore("outbox"))), done]);
    return value;
  };
  return {
    all: () =>
      run(
        "readonly",
        (store) => store.getAll(IDBKeyRange.bound([ledger, ""], [ledger, "\uffff"])),
      ) as Promise<
        KeptPost[]
      >,
    put: async (post) => {
      await run("readwrite", (store) => store.put({ ...post, ledger }));
    },
    remove: async (id) => {
      await run("readwrite", (store) => store.delete([ledger, id]));
    },
  };
}

/** A store for browsers that keep nothing: what is in it lasts as long as the page. */
export function createMemoryStore(): OutboxStore {
  const posts = new Map<string, KeptPost>();
  return {
    all: () => Promise.resolve([...posts.values()]),
    put: (post) => Promise.resolve(void posts.set(post.id, post)),
    remove: (id) => Promise.resolve(void posts.delete(id)),
  };
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
