import type { Page } from "@playwright/test";

/** Scripts that a page has loaded, with their text. */
export interface LoadedScripts {
  /** All so far, by address. */
  read(): Promise<ReadonlyMap<string, string>>;
}

/** Listens, from now on, to what scripts a page loads. */
export function recordScripts(page: Page): LoadedScripts {
  const texts = new Map<string, Promise<string>>();
  page.on("response", (response) => {
    if (response.request().resourceType() !== "script") return;
    const text = response.text();
    // One that comes when the test is over is read by nobody, and must not fail it.
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
