import type { ServerResponse } from "node:http";
import { deferred } from "@/tests/support/deferred";
import { startLocalServer, type ReceivedRequest } from "@/tests/support/local-server";

/** A request that passed the gate, and its answer. */
export interface Passage extends ReceivedRequest {
  /** Absent while there is no answer. */
  answer?: string;
}

/** Requests to one endpoint that are held back. */
export interface Hold {
  /** Resolves when the first one waits. */
  arrived: Promise<void>;
  release(): void;
}

/** A proxy between an app and the sandbox. It records all requests and holds them back as long as a test wants. */
export interface UpstreamGate {
  origin: string;
  /** Everything so far, in order; a test may empty it. */
  passages: Passage[];
  hold(path: string): Hold;
  /** Changes the answers of an endpoint from now on. */
  change(path: string, changed: (answer: string) => string): void;
  close(): Promise<void>;
}

/** Headers that a proxy must not forward: they belong to the connection, or fetch sets them. */
const OWN_HEADERS = new Set(["host", "connection", "content-length", "accept-encoding", "transfer-encoding"]);

async function forward(
  target: string,
  passage: Passage,
  response: ServerResponse,
  changed: (answer: string) => string,
): Promise<void> {
  const given = Object.entries(passage.headers).filter(([name]) => !OWN_HEADERS.has(name));
  const headers = given.map(([name, value]): [string, string] => [name, String(value)]);
  const abandoned = new AbortController();
  response.once("close", () => abandoned.abort());
  const { method, path, body } = passage;
  const init = { method, headers, signal: abandoned.signal, ...(body !== "" && { body }) };
  const answer = await fetch(target + path, init);
  passage.answer = changed(await answer.text());
  response.writeHead(answer.status, { "Content-Type": answer.headers.get("content-type") ?? "text/plain" });
  response.end(passage.answer);
}

/** Starts a gate in front of the sandbox at `target`. */
export async function startUpstreamGate(target: string): Promise<UpstreamGate> {
  const passages: Passage[] = [];
  const changes = new Map<string, (answer: string) => string>();
  const holds = new Map<string, { arrived(): void; released: Promise<void> }>();
  const server = await startLocalServer(async (request, response) => {
    const passage: Passage = { ...request };
    passages.push(passage);
    const held = holds.get(request.path);
    held?.arrived();
    await held?.released;
    // The request of a client that gave up is not forwarded.
    if (response.destroyed) return;
    const changed = changes.get(request.path) ?? ((answer: string) => answer);
    await forward(target, passage, response, changed).catch(() => response.destroy());
  });
  const hold = (path: string): Hold => {
    const [arrival, release] = [deferred<void>(), deferred<void>()];
    holds.set(path, { arrived: () => arrival.resolve(), released: release.promise });
    const open = () => {
      holds.delete(path);
      release.resolve();
    };
    return { arrived: arrival.promise, release: open };
  };
  const change = (path: string, changed: (answer: string) => string) => void changes.set(path, changed);
  return { origin: server.origin, passages, hold, change, close: () => server.close() };
}

/** The paths of Echo's endpoints that tests count requests to. */
export const ECHO = {
  exchange: "/oauth.ExchangeAuthorizationCodeV2",
  refresh: "/oauth.RefreshAccessToken",
  profile: "/externalapi.MyProfile",
  entities: "/externalapi.ListAvailableEntities",
  entity: "/externalapi.ReadEntity",
  check: "/externalapi.PrePurchaseCheck",
  permit: "/externalapi.GenerateSalePurchasePermit",
  commitments: "/sonar/v1/public/read-commitment-data",
} as const;
