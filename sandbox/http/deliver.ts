import type { ServerResponse } from "node:http";
import type { Delivery } from "../faults/spoil";

/** Nothing the sandbox says may be kept: tokens are in some answers, and all of it changes at a click. */
const COMMON_HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

/** Puts a delivery on the wire; "hang" leaves the connection open until the client or `close()` ends it. */
export function deliver(delivery: Delivery, headers: Readonly<Record<string, string>>, outgoing: ServerResponse): void {
  switch (delivery.kind) {
    case "hang":
      return;
    case "reset":
      outgoing.socket?.resetAndDestroy();
      return;
    case "answer":
      outgoing.writeHead(delivery.answer.status, { ...COMMON_HEADERS, ...headers, ...delivery.answer.headers });
      outgoing.end(delivery.answer.body);
  }
}
