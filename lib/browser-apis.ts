/** A part of the browser that this page may meet missing or broken: by age, settings, an extension, or a page that is not https. */
type Scope = Window & typeof globalThis;

/** Observes nothing: the page works without what it would be told. */
class InertObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
  takeRecords(): [] {
    return [];
  }
}

type InView = (entries: readonly { isIntersecting: boolean; intersectionRatio: number; target?: Element }[]) => void;

/** Tells at once that everything is in view, so that nothing waits for ever to be drawn. */
class EverythingInView extends InertObserver {
  constructor(readonly onInView: InView) {
    super();
  }

  override observe(target?: Element): void {
    void Promise.resolve().then(() => this.onInView([{ isIntersecting: true, intersectionRatio: 1, target }]));
  }
}

/** A channel to no other tab. */
class InertChannel extends EventTarget {
  onmessage = null;
  constructor(readonly name: string) {
    super();
  }
  postMessage(): void {}
  close(): void {}
}

/** A query that never matches. */
function noMatch(media: string) {
  return Object.assign(new EventTarget(), {
    media,
    matches: false,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  });
}

function works(probe: () => void): boolean {
  try {
    probe();
    return true;
  } catch {
    return false;
  }
}

/** Some browsers have only the older names of both functions. */
function withEvents(list: MediaQueryList): MediaQueryList {
  if (typeof list.addEventListener === "function") return list;
  return Object.assign(list, {
    addEventListener: (_type: string, listener: () => void) => list.addListener(listener),
    removeEventListener: (_type: string, listener: () => void) => list.removeListener(listener),
  });
}

function mendMatchMedia(scope: Scope): void {
  const original = scope.matchMedia;
  const ask = (query: string) => {
    try {
      return withEvents(original.call(scope, query));
    } catch {
      return noMatch(query);
    }
  };
  if (!works(() => original.call(scope, "all").addEventListener("change", () => undefined)))
    Object.defineProperty(scope, "matchMedia", { value: ask, configurable: true, writable: true });
}

/**
 * Puts inert parts in the place of missing or broken ones that this page and its libraries rely on without asking: an error in one of them
 * would take the whole page away, while without them only a comfort is gone.
 */
export function mendBrowserApis(scope: Scope): void {
  const replace = (name: string, value: unknown, probe: () => void) => {
    if (!works(probe)) Object.defineProperty(scope, name, { value, configurable: true, writable: true });
  };
  const target = scope.document.documentElement;
  const nothing = () => undefined;
  const probeOf = (observer: { observe: (target: Element) => void; disconnect: () => void }) => {
    observer.observe(target);
    observer.disconnect();
  };
  replace("MutationObserver", InertObserver, () => {
    const observer = new scope.MutationObserver(nothing);
    observer.observe(target, { childList: true });
    observer.disconnect();
  });
  replace("ResizeObserver", InertObserver, () => probeOf(new scope.ResizeObserver(nothing)));
  replace("IntersectionObserver", EverythingInView, () => probeOf(new scope.IntersectionObserver(nothing)));
  replace("BroadcastChannel", InertChannel, () => {
    const channel = new scope.BroadcastChannel("probe");
    channel.postMessage("");
    channel.close();
  });
  mendMatchMedia(scope);
}
