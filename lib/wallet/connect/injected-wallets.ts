import {
  custom,
  EIP1193ProviderRpcError,
  numberToHex,
  UserRejectedRequestError,
  withTimeout,
  type EIP1193EventMap,
  type EIP1193Provider,
} from "viem";
import { readChainError } from "@/lib/purchase/errors/chain-error";
import { isUserRejection } from "@/lib/purchase/errors/user-rejection";
import { fieldOf, readAccounts, readChainId, refusalIn, unwrap } from "@/lib/wallet/wallet-answers";

/** A request as EIP-1193 has it. */
interface Ask {
  method: string;
  params?: unknown;
}

/** Thrown when a wallet leaves a question unanswered that needs no user. */
class WalletUnanswered extends Error {
  override readonly name = "WalletUnanswered";
}

/** The time for an answer that needs no user, in milliseconds, as for a relay. */
const ANSWER_TIMEOUT_MS = 20_000;

/** The requests that the user decides, who may take any time. */
const DECISIONS = /^(eth_request|eth_send|eth_sign|personal_|wallet_)/;

/**
 * Asks a wallet. Some throw at once, or answer without a promise. An extension that was restarted under an open page never answers: without a
 * limit, the page would look as if it were waiting for the user.
 */
async function ask(raw: object, request: Ask): Promise<unknown> {
  const send = fieldOf(raw, "request");
  if (typeof send !== "function") throw new Error("The wallet takes no requests.");
  const answers = async (): Promise<unknown> => Reflect.apply(send, raw, [request]);
  const limit = { timeout: ANSWER_TIMEOUT_MS, errorInstance: new WalletUnanswered() };
  const answer = await (DECISIONS.test(request.method) ? answers() : withTimeout(answers, limit));
  const refusal = refusalIn(answer);
  if (refusal !== undefined) throw providerError(refusal);
  return unwrap(answer);
}

/** wagmi and viem look at the code of an error alone, and fail on one that is no object. */
function providerError(thrown: unknown): unknown {
  const error = typeof thrown === "object" && thrown !== null ? thrown : new Error(`${String(thrown)}`);
  if (!isUserRejection(readChainError(thrown))) return error;
  return new UserRejectedRequestError(error instanceof Error ? error : new Error("", { cause: error }));
}

/** The wallet's chain. Zero is no chain, so the page asks for a switch, and nothing is sent until the wallet names the sale's. */
async function askChain(raw: object): Promise<string> {
  for (const method of ["eth_chainId", "net_version"]) {
    const answer = await ask(raw, { method }).catch((error: unknown) => {
      if (error instanceof WalletUnanswered) throw error;
    });
    const id = readChainId(answer);
    if (id !== undefined) return numberToHex(id);
  }
  return "0x0";
}

async function answerTo(raw: object, request: Ask): Promise<unknown> {
  if (request.method === "eth_chainId") return askChain(raw);
  const answer = await ask(raw, request);
  if (request.method === "eth_accounts") return readAccounts(answer);
  if (request.method !== "eth_requestAccounts") return answer;
  const accounts = readAccounts(answer);
  return accounts.length > 0 ? accounts : readAccounts(await ask(raw, { method: "eth_accounts" }));
}

type Listeners = { [Event in keyof EIP1193EventMap]: Set<EIP1193EventMap[Event]> };

/** A listener that fails must not be reported as an error of the page: the wallet's next event or answer corrects the state. */
function quietly(call: () => unknown): void {
  void Promise.resolve()
    .then(call)
    .catch(() => undefined);
}

/** Passes a wallet's events on. A payload that cannot be read only says that something changed, so the wallet is asked. */
function relayEvents(raw: object, listeners: Listeners): void {
  const on = fieldOf(raw, "on");
  if (typeof on !== "function") return;
  const accounts = async (payload: unknown) =>
    Array.isArray(payload) ? readAccounts(payload) : readAccounts(await ask(raw, { method: "eth_accounts" }));
  const chain = async (payload: unknown) => {
    const id = readChainId(payload);
    return id === undefined ? askChain(raw) : numberToHex(id);
  };
  const relay = {
    accountsChanged: async (payload: unknown) => {
      const now = await accounts(payload);
      for (const listener of listeners.accountsChanged) quietly(() => listener(now));
    },
    chainChanged: async (payload: unknown) => {
      const now = await chain(payload);
      for (const listener of listeners.chainChanged) quietly(() => listener(now));
    },
    connect: async (payload: unknown) => {
      const chainId = await chain(payload);
      for (const listener of listeners.connect) quietly(() => listener({ chainId }));
    },
    disconnect: (payload: unknown) => {
      const code = fieldOf(payload, "code");
      const error = new EIP1193ProviderRpcError(typeof code === "number" ? code : 4900, "The wallet disconnected.");
      for (const listener of listeners.disconnect) quietly(() => listener(error));
    },
  };
  for (const [event, heard] of Object.entries(relay)) {
    try {
      Reflect.apply(on, raw, [event, (payload: unknown) => quietly(() => heard(payload))]);
    } catch {
      // The wallet has no such event. The page learns of changes from its answers.
    }
  }
}

const guarded = new WeakMap<object, EIP1193Provider>();

function guard(raw: object): EIP1193Provider {
  const listeners: Listeners = {
    accountsChanged: new Set(),
    chainChanged: new Set(),
    connect: new Set(),
    disconnect: new Set(),
    message: new Set(),
  };
  const request = (asked: Ask) =>
    answerTo(raw, asked).catch((thrown: unknown) => {
      throw providerError(thrown);
    });
  relayEvents(raw, listeners);
  return {
    request: custom({ request }, { retryCount: 0 })({}).request,
    on: (event, listener) => void listeners[event].add(listener),
    removeListener: (event, listener) => void listeners[event].delete(listener),
  };
}

/**
 * A wallet's provider with answers, errors and events in the form that wagmi and viem rely on. Undefined for anything that takes no
 * requests. The same provider is guarded once, since wagmi compares them.
 */
export function guardProvider(raw: unknown): EIP1193Provider | undefined {
  if ((typeof raw !== "object" && typeof raw !== "function") || raw === null) return undefined;
  if (typeof fieldOf(raw, "request") !== "function") return undefined;
  const provider = guarded.get(raw) ?? guard(raw);
  guarded.set(raw, provider).set(provider, provider);
  return provider;
}

/** The wallet at `window.ethereum`, where anything may be, and reading it may throw. */
export function ethereumProvider(): EIP1193Provider | undefined {
  return guardProvider(fieldOf(window, "ethereum"));
}

/** A wallet that has announced itself (EIP-6963). */
export interface AnnouncedWallet {
  id: string;
  name: string;
  icon: string;
  provider: EIP1193Provider;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/** The wallet of an announcement; undefined if it is broken. Any script can announce anything. */
function readAnnouncement(event: Event): AnnouncedWallet | undefined {
  const detail = fieldOf(event, "detail");
  const info = fieldOf(detail, "info");
  const [rdns, name, uuid, icon] = ["rdns", "name", "uuid", "icon"].map((field) => fieldOf(info, field));
  if (!isText(rdns) || !isText(name) || !isText(uuid) || typeof icon !== "string") return undefined;
  const provider = guardProvider(fieldOf(detail, "provider"));
  // A domain has a dot, and the ids of this page's own wallets have none: nobody can pose as one of them.
  return provider && { id: rdns.includes(".") ? rdns : `${rdns}.`, name: name.trim(), icon, provider };
}

/** Calls `onWallet` with each wallet of this browser that announces itself, once, now or later. */
export function watchAnnouncements(onWallet: (wallet: AnnouncedWallet) => void): void {
  const known = new Set<string>();
  window.addEventListener("eip6963:announceProvider", (event) => {
    const wallet = readAnnouncement(event);
    if (!wallet || known.has(wallet.id)) return;
    known.add(wallet.id);
    onWallet(wallet);
  });
  window.dispatchEvent(new Event("eip6963:requestProvider"));
}
