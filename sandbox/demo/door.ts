import type { Address } from "viem";
import { findVisitor } from "../echo/visitor";
import { isJsonObject, parseJson } from "../http/request";
import { buyerOf, checkRpc, lowerCase, walletsIn, type AllowedCall } from "./rpc-rules";

/** A visitor's request below the demo's path. The app has checked that a POST comes from one of its own pages. */
export interface DoorRequest {
  request: Request;
  /** Below the demo's path, with a slash at the beginning. */
  path: string;
  /** The networks that the visitor's requests count for, as the proxy in front names them: its own, then any larger one around it. */
  networks: readonly string[];
}

/** The parts of a demo that are behind the door. */
export interface DoorOptions {
  echoOrigin: string;
  rpcUrl: string;
  chainId: number;
  /** The sale's operator, which the faucet must not touch. */
  operator: Address;
  fund: (wallet: Address) => Promise<void>;
}

interface Limit {
  readonly perNetwork: number;
  readonly inTotal: number;
}

/** Limits between two resets. A visitor who tries everything once needs a tenth of what one network may have. */
const LIMITS = {
  wallets: { perNetwork: 60, inTotal: 3_000 },
  forms: { perNetwork: 100, inTotal: 10_000 },
  // Each may have a connection, and Echo has room for 2,000.
  visitors: { perNetwork: 20, inTotal: 10_000 },
  transactions: { perNetwork: 300, inTotal: 15_000 },
} as const satisfies Readonly<Record<string, Limit>>;

/** A larger network may have this many times the uses of a single one: it can belong to one person, or to a town. */
const SINGLE_NETWORKS = 4;

/** The limit that was reached: that of the visitor's network, or that of all together. */
type Reached = "network" | "total";

/**
 * Uses that are limited between two resets, for each network and for all together, so that neither a script nor a crowd can fill the demo's
 * memory. The networks that are remembered are a few times the uses that are allowed at most.
 */
class Quota {
  private readonly byNetwork = new Map<string, number>();
  private total = 0;

  constructor(private readonly most: Limit) {}

  /** Counts `uses` if they are within all limits; otherwise counts nothing and names the limit. */
  take(networks: readonly string[], uses = 1): Reached | undefined {
    if (this.total + uses > this.most.inTotal) return "total";
    const counts = networks.map((network) => (this.byNetwork.get(network) ?? 0) + uses);
    const most = (at: number) => this.most.perNetwork * (at === 0 ? 1 : SINGLE_NETWORKS);
    if (counts.some((count, at) => count > most(at))) return "network";
    networks.forEach((network, at) => this.byNetwork.set(network, counts[at] ?? 0));
    this.total += uses;
    return undefined;
  }

  /** Takes one use back, which came to nothing. */
  giveBack(networks: readonly string[]): void {
    for (const network of networks) this.byNetwork.set(network, (this.byNetwork.get(network) ?? 1) - 1);
    this.total -= 1;
  }

  /** Starts anew. */
  clear(): void {
    this.byNetwork.clear();
    this.total = 0;
  }
}

/** In bytes. The largest request, a commitment, has about 3,000. */
const LARGEST_BODY = 20_000;

const WALLETS_OF_A_VISITOR = 3;
const NODE_TIMEOUT_MS = 10_000;

const AUTHORIZE = "/oauth/authorize";

/** Echo's pages that a visitor's browser opens, with their methods. Its API is for the app's server alone. */
const PAGES: readonly (readonly [path: RegExp, methods: readonly string[]])[] = [
  [new RegExp(`^${AUTHORIZE}$`), ["GET", "POST"]],
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
  private readonly quotas = {
    wallets: new Quota(LIMITS.wallets),
    forms: new Quota(LIMITS.forms),
    visitors: new Quota(LIMITS.visitors),
    transactions: new Quota(LIMITS.transactions),
  };
  /** The visitors that are counted. */
  private readonly visitors = new Set<string>();
  /** The wallets that were funded or are being funded. */
  private readonly funded = new Map<Address, Promise<void>>();

  constructor(private readonly options: DoorOptions) {}

  /** Forgets all uses, visitors and funded wallets, for a chain that starts anew. */
  startAnew(): void {
    this.funded.clear();
    this.visitors.clear();
    for (const quota of Object.values(this.quotas)) quota.clear();
  }

  /** Answers a visitor. */
  async answer({ request, path, networks }: DoorRequest): Promise<Response> {
    const body = await readBody(request);
    if (body === undefined) return said(413, `The request is larger than ${LARGEST_BODY} bytes.`);
    if (path === "/rpc" || path === "/wallets") {
      if (request.method !== "POST") return said(405, "Use POST.", { allow: "POST" });
      const json = parseJson(body);
      return path === "/rpc" ? this.answerRpc(json, networks) : this.fundWallets(json, networks);
    }
    return this.answerPage(request, { path, body, networks });
  }

  private async answerPage(
    request: Request,
    { path, body, networks }: Omit<DoorRequest, "request"> & { body: string },
  ): Promise<Response> {
    const methods = PAGES.find(([pattern]) => pattern.test(path))?.[1];
    if (!methods) return said(404, "There is nothing at this address.");
    if (!methods.includes(request.method)) return said(405, "Use GET.", { allow: methods.join(", ") });
    const posts = request.method === "POST";
    const tooManyForms = posts && this.quotas.forms.take(networks);
    if (tooManyForms) return tooMany(tooManyForms, "forms have been sent");
    const tooManyVisitors = posts && path === AUTHORIZE && this.countVisitor(request, networks);
    if (tooManyVisitors) return tooMany(tooManyVisitors, "visitors have connected");
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

  /** Counts whoever decides about a connection, at the first time only. Without the cookie of an earlier page, each is another visitor. */
  private countVisitor(request: Request, networks: readonly string[]): Reached | undefined {
    const visitor = findVisitor({ cookie: request.headers.get("cookie") ?? "" });
    if (visitor && this.visitors.has(visitor.key)) return undefined;
    const reached = this.quotas.visitors.take(networks);
    if (!reached && visitor) this.visitors.add(visitor.key);
    return reached;
  }

  /** Gives up to three wallets coin and tokens, each once between two resets. 201 if any of them is new, else 200. */
  private async fundWallets(body: unknown, networks: readonly string[]): Promise<Response> {
    const wallets = isJsonObject(body) ? walletsIn(body, WALLETS_OF_A_VISITOR) : undefined;
    if (!wallets || wallets.includes(lowerCase(this.options.operator))) {
      return said(400, `Name 1 to ${WALLETS_OF_A_VISITOR} wallets of your own.`);
    }
    const fresh = wallets.filter((wallet) => !this.funded.has(wallet));
    const reached = fresh.length > 0 && this.quotas.wallets.take(networks, fresh.length);
    if (reached) return tooMany(reached, "wallets have been funded");
    for (const wallet of fresh) this.beginFunding(wallet, networks);
    // Also those that another request has begun: whoever gets the answer may use them.
    const results = await Promise.allSettled(wallets.map(async (wallet) => this.funded.get(wallet)));
    if (results.some(({ status }) => status === "rejected")) {
      return said(502, "The demo's chain is not responding. Not every wallet was funded; try again.");
    }
    return said(fresh.length > 0 ? 201 : 200, "Funded.");
  }

  /** Only a wallet's own failure makes it unfunded and costs nothing, and not that of an earlier sale. */
  private beginFunding(wallet: Address, networks: readonly string[]): void {
    const funding = this.options.fund(wallet);
    this.funded.set(wallet, funding);
    funding.catch(() => {
      if (this.funded.get(wallet) !== funding) return;
      this.funded.delete(wallet);
      this.quotas.wallets.giveBack(networks);
    });
  }

  private async answerRpc(body: unknown, networks: readonly string[]): Promise<Response> {
    const check = checkRpc(body);
    if (!check.ok) return rpcError(check.id, check.code, check.message);
    const { call } = check;
    if (call.method === "eth_sendRawTransaction") {
      const refusal = await this.refusal(call, networks);
      if (refusal) return refusal;
    }
    return this.askNode(call);
  }

  private async refusal({ id, params }: AllowedCall, networks: readonly string[]): Promise<Response | undefined> {
    // Before the signature is recovered, which takes a millisecond.
    const reached = this.quotas.transactions.take(networks);
    if (reached) return rpcError(id, -32005, limitSentence(reached, "transactions have been sent"), 429);
    const [raw] = params;
    const sender = await buyerOf(`0x${String(raw).slice(2)}`, this.options.chainId);
    if (sender === undefined) {
      return rpcError(
        id,
        -32003,
        "The demo's chain only accepts transactions of the purchase: approve, commit, reduce, cancel.",
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

function said(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", ...headers },
  });
}

/** `happened` as in "wallets have been funded". A visitor may have used little, if others have used up the rest. */
function limitSentence(reached: Reached, happened: string): string {
  const where = reached === "network" ? "from your network" : "by all visitors together";
  return `Too many ${happened} ${where}. Wait for the demo's next reset.`;
}

function tooMany(reached: Reached, happened: string): Response {
  return said(429, limitSentence(reached, happened));
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
