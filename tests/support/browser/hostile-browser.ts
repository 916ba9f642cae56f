import type { BrowserContext } from "@playwright/test";

/** A page translator: at which moment it starts, and if it leaves alone what `translate="no"` excludes. */
export interface Translator {
  from: "the first byte" | "the loaded page";
  honoursNo: boolean;
}

/** Runs in the page: replaces every text by `<font><font>text</font></font>`, as Google's translator does, also texts that come later. */
function translateTexts({ from, honoursNo }: Translator): void {
  const untranslated = "script, style, noscript, title, textarea, font" + (honoursNo ? ", [translate=no]" : "");
  const translate = (text: Text) => {
    if (!text.parentElement || text.data === "" || text.parentElement.closest(untranslated)) return;
    const outer = document.createElement("font");
    outer.appendChild(document.createElement("font")).append(text.data);
    text.replaceWith(outer);
  };
  const translateAll = (node: Node) => {
    const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const found: Text[] = [];
    if (node instanceof Text) found.push(node);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) if (text instanceof Text) found.push(text);
    found.forEach(translate);
  };
  const begin = () => {
    if (document.body) translateAll(document.body);
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        if (type === "characterData") translateAll(target);
        addedNodes.forEach((node) => document.body?.contains(node) && translateAll(node));
      }
    }).observe(document, { subtree: true, childList: true, characterData: true });
  };
  if (from === "the first byte") begin();
  else window.addEventListener("load", () => setTimeout(begin, 500));
}

/** The forms in which a browser lacks what most have. */
export type Breakage = "missing" | "throwing" | "rejecting";

/** Runs in the page: breaks, before anything else runs, every part of a browser that a page can do without. */
function breakApis(how: Breakage): void {
  const refuse = (): never => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  };
  const reject = () => Promise.reject(new DOMException("Not allowed.", "NotAllowedError"));
  const define = (owner: object | undefined, name: string, value: unknown) => {
    if (!owner) return;
    Reflect.deleteProperty(owner, name);
    Reflect.deleteProperty(Object.getPrototypeOf(owner) as object, name);
    if (how !== "missing") Object.defineProperty(owner, name, { configurable: true, value });
  };
  const breakGetter = (owner: object, name: string) => {
    if (how !== "throwing") return define(owner, name, undefined);
    Object.defineProperty(owner, name, { configurable: true, get: refuse });
  };
  class Refusing {
    constructor() {
      if (how === "throwing") refuse();
    }
    observe = refuse;
    postMessage = refuse;
    close() {}
    disconnect() {}
  }
  for (const name of ["BroadcastChannel", "MutationObserver", "ResizeObserver", "IntersectionObserver", "Notification"])
    define(window, name, Refusing);
  const full = { getItem: () => null, setItem: refuse, removeItem: refuse, key: () => null, length: 0 };
  for (const name of ["localStorage", "sessionStorage"]) {
    if (how === "rejecting") Object.defineProperty(window, name, { configurable: true, value: full });
    else breakGetter(window, name);
  }
  const asked = how === "throwing" ? refuse : reject;
  define(navigator, "clipboard", { writeText: asked });
  define(navigator, "locks", { request: asked });
  define(
    window,
    "matchMedia",
    how === "throwing" ? refuse : () => ({ matches: false, addListener() {}, removeListener() {} }),
  );
  for (const name of ["subtle", "randomUUID"]) define(crypto, name, asked);
  for (const name of ["requestIdleCallback", "structuredClone", "open"]) define(window, name, refuse);
  for (const name of ["ListFormat", "RelativeTimeFormat", "PluralRules"]) define(Intl, name, Refusing);
  define(Intl.NumberFormat.prototype, "formatToParts", refuse);
  for (const name of ["timeout", "any"]) define(AbortSignal, name, refuse);
  if (how !== "missing") Object.defineProperty(document, "cookie", { get: () => "", set: refuse });
}

/** Breaks, on every page of a browser, what a page can do without. */
export async function breakPages(context: BrowserContext, how: Breakage): Promise<void> {
  await context.addInitScript(breakApis, how);
}

/** Runs in the page: the visitor's clock is wrong by this many milliseconds, and runs at the right pace. */
function shiftDate(ms: number): void {
  const RightDate = Date;
  window.Date = class extends RightDate {
    constructor(...parts: []) {
      super(...(parts.length > 0 ? parts : ([RightDate.now() + ms] as unknown as [])));
    }
    static override now = () => RightDate.now() + ms;
  } as DateConstructor;
}

/** Sets the clock of a browser wrong. */
export async function shiftClock(context: BrowserContext, ms: number): Promise<void> {
  await context.addInitScript(shiftDate, ms);
}

/** Lets a page translator work on every page of a browser. */
export async function translatePages(context: BrowserContext, translator: Translator): Promise<void> {
  await context.addInitScript(translateTexts, translator);
}
