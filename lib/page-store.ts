/** A value that parts of one page share outside of React, for `useSyncExternalStore`. */
export interface PageStore<T> {
  get(): T;
  set(next: T): void;
  /** Calls back after every `set`; returns a function that ends this. */
  subscribe(listener: () => void): () => void;
}

/** Makes a store that begins with a value. */
export function createPageStore<T>(first: T): PageStore<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
