import type { Address } from "viem";
import { isJsonObject, parseJson } from "../http/request";
import { Quota } from "./quota";
import { buyerOf, checkRpc, walletsIn, type AllowedCall } from "./rpc-rules";

/** A visitor's request below the demo's path. The app has checked that a POST comes from one of its own pages. */
export interface DoorRequest {
  request: Request;
  /** Below the demo's path, with a slash at the beginning. */
  path: string;
  /** The visitor's network address, as the proxy in front names it. */
  address: string;
}

/** The parts of a demo that are behind the door. */
export interface DoorOptions {
  echoOrigin: string;
  rpcUrl: string;
  fund: (wallet: Address) => Promise<void>;
}

/** Limits between two resets. A visitor who tries everything once needs a tenth of what one address may have. */
const LIMITS = {
  wallets: { perAddress: 60, inTotal: 3_000 },
  forms: { perAddress: 100, inTotal: 10_000 },
  transactions: { perAddress: 300, inTotal: 15_000 },
} as const;

/** In bytes. The largest request, a commitment, has about 3,000. */
const LARGEST_BODY = 20_000;

const WALLETS_OF_A_VISITOR = 3;
const NODE_TIMEOUT_MS = 10_000;

/** Echo's pages that a visitor's browser opens, with their methods. Its API is for the app's server alone. */
const PAGES: readonly (readonly [path: RegExp, methods: readonly string[]])[] = [
  [/^\/oauth\/authorize$/, ["GET", "POST"]],
  [/^\/sonar\/[0-9a-f-]{36}(\/home)?$/i, ["GET"]],
  [/^\/liveness\/[A-Z0-9-]{1,40}$/, ["GET", "POST"]],
];

/** The headers of a page that reach the browser. Those that protect it are the app's, as for every page of its origin. */
const PAGE_HEADERS = ["content-type", "cache-control", "location", "set-cookie"];

/**
 * The only way from outside to a demo's Echo and node. What is not allowed here is refused: another path does not exist, and a request that
 * passes is made anew from its checked parts.
 */
export class Door {
  private readonly wallets = new Quota(LIMITS.wallets);
  private readonly forms = new Quota(LIMITS.forms);
  private readonly transactions = new Quota(LIMITS.transactions);
  private readonly funded = new Set<string>();

  constructor(private readonly options: DoorOptions) {}

  /** Forgets all uses and funded wallets, for a chain that starts anew. */
  startAnew(): void {
    this.funded.clear();
    for (const quota of [this.wallets, this.forms, this.transactions]) quota.clear();
  }

  /** Answers a visitor. */
  async answer({ request, path, address }: DoorRequest): Promise<Response> {
    const body = await readBody(request);
    if (body === undefined) return said(413, `The request is larger than ${LARGEST_BODY} bytes.`);
    if (path === "/rpc" || path === "/wallets") {
      if (request.method !== "POST") return said(405, "Use POST.", { allow: "POST" });
      const json = parseJson(body);
      return path === "/rpc" ? this.answerRpc(json, address) : this.fundWallets(json, address);
    }
    return this.answerPage(request, { path, body, address });
  }

  private async answerPage(
    request: Request,
    { path, body, address }: { path: string; body: string; address: string },
  ): Promise<Response> {
    const methods = PAGES.find(([pattern]) => pattern.test(path))?.[1];
    if (!methods) return said(404, "There is nothing at this address.");
    if (!methods.includes(request.method)) return said(405, "Use GET.", { allow: methods.join(", ") });
    const posts = request.method === "POST";
    if (posts && !this.forms.take(address)) return tooMany("forms have been sent from your network");
    const answer = await fetch(this.options.echoOrigin + path + new URL(request.url).search, {
      method: request.method,
      redirect: "manual",
      headers: {
        cookie: request.headers.get("cookie") ?? "",
        ...(posts && { "content-type": request.headers.get("content-type") ?? "" }),
      },
      ...(posts && { body }),
    });
    const headers = PAGE_HEADERS.flatMap((name): [string, string][] => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value]];
    });
    return new Response(answer.body, { status: answer.status, headers });
  }

  /** Gives up to three wallets coin and tokens, each once between two resets. 201 if any of them is new, else 200. */
  private async fundWallets(body: unknown, address: string): Promise<Response> {
    const wallets = isJsonObject(body) ? walletsIn(body, WALLETS_OF_A_VISITOR) : undefined;
    if (!wallets) return said(400, `Name 1 to ${WALLETS_OF_A_VISITOR} wallets.`);
    const fresh = [...new Set(wallets.map(lowerCase))].filter((wallet) => !this.funded.has(wallet));
    if (fresh.length === 0) return said(200, "Funded.");
    if (!this.wallets.take(address, fresh.length)) return tooMany("wallets have been funded from your network");
    for (const wallet of fresh) this.funded.add(wallet);
    try {
      for (const wallet of fresh) await this.options.fund(wallet);
    } catch {
      for (const wallet of fresh) this.funded.delete(wallet);
      return said(502, "The demo's chain is not responding. Nothing was sent; try again.");
    }
    return said(201, "Funded.");
  }

  private async answerRpc(body: unknown, address: string): Promise<Response> {
    const check = checkRpc(body);
    if (!check.ok) return rpcError(check.id, check.code, check.message);
    const { call } = check;
    if (call.method === "eth_sendRawTransaction") {
      const refusal = await this.refusal(call, address);
      if (refusal) return refusal;
    }
    return this.askNode(call);
  }

  private async refusal({ id, params }: AllowedCall, address: string): Promise<Response | undefined> {
    // Before the signature is recovered, which takes a millisecond.
    if (!this.transactions.take(address)) {
      return rpcError(id, -32005, "Too many transactions from your network. Wait for the demo's next reset.", 429);
    }
    const [raw] = params;
    const sender = await buyerOf(`0x${String(raw).slice(2)}`);
    if (sender === undefined) {
      return rpcError(
        id,
        -32003,
        "The demo's chain only accepts transactions of the purchase: approve, commit, cancel.",
      );
    }
    if (this.funded.has(lowerCase(sender))) return undefined;
    return rpcError(id, -32003, "The demo was reset, and this wallet has nothing any more. Reload the page.");
  }

  private async askNode({ id, method, params }: AllowedCall): Promise<Response> {
    try {
      const answer = await fetch(this.options.rpcUrl, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id, method, params }),
        signal: AbortSignal.timeout(NODE_TIMEOUT_MS),
      });
      return new Response(answer.body, { status: answer.status, headers: JSON_HEADERS });
    } catch {
      return rpcError(id, -32603, "The demo's chain is not responding.", 502);
    }
  }
}

const JSON_HEADERS = { "content-type": "application/json", "cache-control": "no-store" };

function lowerCase(address: Address): Address {
  return `0x${address.slice(2).toLowerCase()}`;
}

function said(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", ...headers },
  });
}

function tooMany(what: string): Response {
  return said(429, `Too many ${what}. Wait for the demo's next reset.`);
}

function rpcError(id: unknown, code: number, message: string, status = 200): Response {
  return new Response(JSON.stringify({ jsonrpc: "2.0", id, error: { code, message } }), {
    status,
    headers: JSON_HEADERS,
  });
}

/** The body as text; undefined if it is too large, whatever length it declares. */
async function readBody(request: Request): Promise<string | undefined> {
  if (!request.body) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
