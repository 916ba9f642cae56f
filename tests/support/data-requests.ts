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
