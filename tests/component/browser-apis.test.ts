import { describe, expect, it, vi } from "vitest";
import { mendBrowserApis } from "@/lib/browser-apis";

class Working {
  addEventListener() {}
  observe() {}
  disconnect() {}
  postMessage() {}
  close() {}
}

const NAMES = ["MutationObserver", "ResizeObserver", "IntersectionObserver", "BroadcastChannel"] as const;
const refuse = () => {
  throw new DOMException("The operation is insecure.", "SecurityError");
};

class ThrowsWhenMade {
  constructor() {
    refuse();
  }
}

class ThrowsWhenUsed {
  observe = refuse;
  postMessage = refuse;
}

function browser(parts: object) {
  const working = Object.fromEntries(NAMES.map((name) => [name, Working]));
  const scope = { document, matchMedia: () => new Working(), ...working, ...parts };
  mendBrowserApis(scope as unknown as Window & typeof globalThis);
  return scope as unknown as typeof globalThis;
}

describe("a browser's missing or broken part", () => {
  it.each(NAMES.flatMap((name) => [undefined, ThrowsWhenMade, ThrowsWhenUsed].map((part) => [name, part] as const)))(
    "%s (%s) is replaced by one that does nothing",
    (name, part) => {
      const scope = browser({ [name]: part });
      expect(scope[name]).not.toBe(part);
      if (name === "BroadcastChannel")
        return expect(() => new scope.BroadcastChannel("a").postMessage("")).not.toThrow();
      const observer = new scope[name](vi.fn());
      expect(() => (observer.observe(document.body), observer.disconnect())).not.toThrow();
    },
  );

  it("IntersectionObserver says that everything is in view, so that what waits for that is drawn", async () => {
    const scope = browser({ IntersectionObserver: undefined });
    const onInView = vi.fn();
    new scope.IntersectionObserver(onInView).observe(document.body);
    await vi.waitFor(() => expect(onInView).toHaveBeenCalledWith([expect.objectContaining({ isIntersecting: true })]));
  });

  it.each([undefined, refuse])("matchMedia (%s) matches nothing, and can be listened to", (matchMedia) => {
    const list = browser({ matchMedia }).matchMedia("(prefers-color-scheme: dark)");
    expect(list.matches).toBe(false);
    expect(() => list.addEventListener("change", vi.fn())).not.toThrow();
  });

  it("matchMedia with the older names of its functions is asked by them", () => {
    const addListener = vi.fn();
    const listener = vi.fn();
    browser({ matchMedia: () => ({ matches: true, addListener }) })
      .matchMedia("all")
      .addEventListener("change", listener);
    expect(addListener).toHaveBeenCalledWith(listener);
  });
});

it("what works stays as it is", () => {
  const matchMedia = () => new Working();
  const scope = browser({ matchMedia });
  for (const name of NAMES) expect(scope[name]).toBe(Working);
  expect(scope.matchMedia).toBe(matchMedia);
});
