import type { Page } from "@playwright/test";

const DATA_TYPES = new Set(["fetch", "xhr", "eventsource", "websocket"]);

/** Records, from now on, the requests by which a page could fetch data or call an action, as "METHOD path". */
export function recordDataRequests(page: Page): readonly string[] {
  const made: string[] = [];
  page.on("request", (request) => {
    if (!DATA_TYPES.has(request.resourceType()) && request.method() === "GET") return;
    made.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  return made;
}

declare global {
  interface Window {
    layoutShifts: { value: number; nodes: string[] }[];
  }
}

/** Runs in the page, before anything else does. */
function observeLayoutShifts(): void {
  window.layoutShifts = [];
  const nameOf = (node: Node | null) => (node instanceof Element ? `${node.tagName} ${node.className}` : String(node));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      // TypeScript's DOM types do not know layout shifts (https://wicg.github.io/layout-instability/).
      const { value, hadRecentInput, sources } = entry.toJSON() as {
        value: number;
        hadRecentInput: boolean;
        sources: { node: Node | null }[];
      };
      if (!hadRecentInput) window.layoutShifts.push({ value, nodes: sources.map(({ node }) => nameOf(node)) });
    }
  }).observe({ type: "layout-shift", buffered: true });
}

/** Measures, from the next document on, layout shifts that no user action caused. */
export async function watchLayoutShift(page: Page): Promise<void> {
  await page.addInitScript(observeLayoutShifts);
}

/** All shifts so far and their sum (see https://web.dev/articles/cls). */
export async function layoutShift(page: Page): Promise<{ sum: number; shifts: Window["layoutShifts"] }> {
  const shifts = await page.evaluate(() => window.layoutShifts);
  return { sum: shifts.reduce((sum, { value }) => sum + value, 0), shifts };
}

/** Forgets the shifts so far: what follows is measured by itself. */
export async function forgetLayoutShifts(page: Page): Promise<void> {
  await page.evaluate(() => void (window.layoutShifts = []));
}

/** Scripts that a page has loaded, with their text. */
export interface LoadedScripts {
  /** All so far, by address. */
  read(): Promise<ReadonlyMap<string, string>>;
}

/** Records, from now on, the scripts that a page loads. */
export function recordScripts(page: Page): LoadedScripts {
  const texts = new Map<string, Promise<string>>();
  page.on("response", (response) => {
    if (response.request().resourceType() !== "script") return;
    const text = response.text();
    // A script that arrives after the end of a test must not fail it.
    text.catch(() => undefined);
    texts.set(response.url(), text);
  });
  return {
    async read() {
      const entries = await Promise.all([...texts].map(async ([url, text]) => [url, await text] as const));
      return new Map(entries);
    },
  };
}
