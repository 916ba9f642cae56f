import { createStorage, type Storage } from "wagmi";

/** What wagmi calls its own copy of its connections. */
const CONNECTIONS_KEY = "wagmi.store";

function attempt<T>(access: () => T): T | undefined {
  try {
    return access();
  } catch {
    // The browser's settings forbid storage, or it is full: the wallet is then forgotten with the page.
    return undefined;
  }
}

/**
 * Where wagmi remembers which wallet was the last one. Its copy of the connections is not kept: read back, they have no connector, and
 * disconnecting one wallet would make one of them the current one.
 */
export function walletStorage(): Storage {
  return createStorage({
    storage: {
      getItem: (key) => (key === CONNECTIONS_KEY ? null : attempt(() => localStorage.getItem(key))),
      setItem(key, value) {
        if (key !== CONNECTIONS_KEY) attempt(() => localStorage.setItem(key, value));
      },
      removeItem: (key) => attempt(() => localStorage.removeItem(key)),
    },
  });
}
