import { SignClient } from "@walletconnect/sign-client";
import { http, numberToHex, UnauthorizedProviderError, UnsupportedProviderMethodError, withTimeout } from "viem";
import type { Address, EIP1193RequestFn } from "viem";
import { site } from "@/lib/config/site";
import type { SaleChain } from "@/lib/sale/state";
import { sameHex } from "@/lib/sale/hex";
import { saleNetwork } from "@/lib/wallet/sale-network";
import { fieldOf, readAccounts } from "@/lib/wallet/wallet-answers";
/** A request to a wallet. */
export interface WalletConnectRequest {
  method: string;
  params?: unknown;
}

/** Events of a wallet on another device, as EIP-1193 names them. */
export type WalletConnectEvents = {
  accountsChanged: (accounts: unknown) => void;
  chainChanged: (chainId: unknown) => void;
};

/** The reports of a wallet on another device. */
export interface WalletConnectReports extends WalletConnectEvents {
  /** The link that a wallet has to read, while it is awaited; undefined once it is not needed any more. */
  onUri: (uri: string | undefined) => void;
}

/** Thrown when a wallet could not be connected, with a sentence of its own. */
class WalletConnectError extends Error {
  override readonly name = "WalletConnectError";
}

/** Thrown when a request may not have reached the wallet. It says nothing of what the wallet can do. */
class WalletConnectUnreached extends Error {
  override readonly name = "WalletConnectUnreached";
}

/** Thrown when the session ends while the wallet shows a transaction: it may still send it, and its answer no longer arrives. */
class WalletConnectEnded extends Error {
  override readonly name = "WalletConnectEnded";
}

/** A sale with WalletConnect. */
export type WalletConnectChain = SaleChain & Required<Pick<SaleChain, "walletConnect">>;

type Client = Awaited<ReturnType<typeof SignClient.init>>;
type Session = ReturnType<Client["session"]["get"]>;

/** What the page asks of a wallet. Everything else is answered by the sale's node. */
const METHODS: readonly string[] = [
  "eth_sendTransaction",
  "eth_signTypedData_v4",
  "personal_sign",
  "wallet_switchEthereumChain",
  "wallet_addEthereumChain",
];

/** In milliseconds: the relay has to answer before a code can be shown, and to take each request for the wallet. */
const RELAY_TIMEOUT_MS = 20_000;

/** In seconds. A multisig's other signers take their time, and a request that the page has given up on could still be answered. */
const REQUEST_EXPIRY_S = 3_600;

/** Ethereum's own chain, which every wallet knows: one that lacks the sale's chain can still connect, and then add it. */
const MAINNET = 1;

const NOT_REACHED =
  "WalletConnect could not be reached. Your address was not shared. Check your connection and try again.";
const EXPIRED = "The code has expired. No wallet was connected. Choose WalletConnect again for a new code.";

async function initClient({ walletConnect: { projectId, relayUrl } }: WalletConnectChain): Promise<Client> {
  const { origin } = window.location;
  const client = await SignClient.init({
    projectId,
    ...(relayUrl !== undefined && { relayUrl }),
    metadata: { name: site.name, description: site.description, url: origin, icons: [`${origin}/icon`] },
    telemetryEnabled: false,
    logger: "silent",
  });
  // Reown's page vouches for this site's origin, but only to wallets at Reown's own relay. Elsewhere each request would wait for it in vain.
  if (relayUrl !== undefined) client.core.verify.register = () => Promise.resolve("");
  return client;
}

interface SharedAccount {
  chainId: number;
  address: Address;
}

/** The accounts of a session (CAIP-10: `eip155:1:0x...`), in the wallet's order. */
function accountsOf(session: Session | undefined): SharedAccount[] {
  const accounts = session?.namespaces.eip155?.accounts ?? [];
  return accounts.flatMap((text) =>
    readAccounts([text]).map((address) => ({ chainId: Number(text.split(":")[1]), address })),
  );
}

/** The codes with which a wallet refuses chains, methods or accounts that it does not have (CAIP-25 and WalletConnect's own). */
const UNSUPPORTED: readonly unknown[] = [5100, 5101, 5102, 5103, 5104];

function isExpiry(error: unknown): boolean {
  return /expired/i.test(String(fieldOf(error, "message")));
}

function explainRefusal(error: unknown, chainName: string): unknown {
  if (isExpiry(error)) return new WalletConnectError(EXPIRED, { cause: error });
  if (!UNSUPPORTED.includes(fieldOf(error, "code"))) return error;
  const sentence = `Your wallet does not support ${chainName}. Your address was not shared. Add this network in your wallet, or use another wallet.`;
  return new WalletConnectError(sentence, { cause: error });
}

/** WalletConnect's reason for a session that its user has ended, on either side. */
const DISCONNECTED = { code: 6000, message: "User disconnected." };

/** The error of a request whose session has ended. Only a transaction can be carried out without this page. */
function endOf(method: string, cause?: unknown): Error {
  if (method === "eth_sendTransaction") return new WalletConnectEnded("", { cause });
  return new UnauthorizedProviderError(new Error("The session has ended.", { cause }));
}

class WalletConnectWallet {
  #session: Session | undefined;
  /** The account that the user chose in the wallet. */
  #chosen: Address | undefined;
  #pairing: Promise<void> | undefined;
  /** Ends the requests of the current session with it. */
  #ending = new AbortController();
  readonly #node: EIP1193RequestFn;

  constructor(
    private readonly client: Client,
    private readonly chain: WalletConnectChain,
    private readonly reports: WalletConnectReports,
  ) {
    this.#session = client.session.getAll().findLast((session) => accountsOf(session).length > 0);
    this.#node = http(chain.rpcUrls[0], { retryCount: 0 })({ chain: saleNetwork(chain) }).request;
    client.on("session_update", ({ topic }) => this.#isOwn(topic) && this.#update(client.session.get(topic)));
    client.on("session_delete", ({ topic }) => this.#isOwn(topic) && this.#update(undefined));
    client.on("session_expire", ({ topic }) => this.#isOwn(topic) && this.#update(undefined));
    client.on("session_event", ({ topic, params: { event } }) => {
      if (!this.#isOwn(topic) || event.name !== "accountsChanged") return;
      [this.#chosen] = readAccounts(event.data);
      this.reports.accountsChanged(this.#accounts());
    });
  }

  #isOwn(topic: string): boolean {
    return this.#session?.topic === topic;
  }

  #end(): void {
    this.#session = undefined;
    this.#ending.abort();
    this.#ending = new AbortController();
  }

  #update(session: Session | undefined): void {
    if (session) this.#session = session;
    else this.#end();
    this.reports.accountsChanged(this.#accounts());
    if (session) this.reports.chainChanged(numberToHex(this.#chainId()));
  }

  /** Each request names its chain, so a wallet that shares the sale's chain is on it, whatever else it shows. */
  #chainId(): number {
    const ids = accountsOf(this.#session).map(({ chainId }) => chainId);
    return ids.includes(this.chain.chainId) ? this.chain.chainId : (ids[0] ?? this.chain.chainId);
  }

  #accounts(): Address[] {
    const chainId = this.#chainId();
    const shared = accountsOf(this.#session).filter((account) => account.chainId === chainId);
    const addresses = [...new Set(shared.map(({ address }) => address))];
    return addresses.sort((a, b) => Number(sameHex(b, this.#chosen)) - Number(sameHex(a, this.#chosen)));
  }

  async #pair(): Promise<void> {
    const { chainId, chainName } = this.chain;
    const chains = [...new Set([chainId, MAINNET])].map((id) => `eip155:${id}`);
    const eip155 = { chains, methods: [...METHODS], events: ["accountsChanged", "chainChanged"] };
    const reach = () => this.client.connect({ optionalNamespaces: { eip155 } });
    const { uri, approval } = await withTimeout(reach, { timeout: RELAY_TIMEOUT_MS }).catch((cause: unknown) => {
      throw new WalletConnectError(NOT_REACHED, { cause });
    });
    this.reports.onUri(uri);
    try {
      this.#session = await approval();
    } catch (error) {
      // The library then rejects a second promise, which only this call handles: browsers would report it as an error of the page.
      if (isExpiry(error)) approval().catch(() => undefined);
      throw explainRefusal(error, chainName);
    } finally {
      this.reports.onUri(undefined);
    }
  }

  /** A second press shows the same code: a new one would make the first useless, which a wallet may just be reading. */
  #pairOnce(): Promise<void> {
    this.#pairing ??= this.#pair().finally(() => (this.#pairing = undefined));
    return this.#pairing;
  }

  async #forget(): Promise<void> {
    const topic = this.#session?.topic;
    this.#end();
    if (topic === undefined) return;
    // Without the relay, the wallet learns nothing, but the next page load must not find the session.
    await this.client
      .disconnect({ topic, reason: DISCONNECTED })
      .catch(() => this.client.session.delete(topic, DISCONNECTED));
  }

  async #ask({ method, params }: WalletConnectRequest): Promise<unknown> {
    const session = this.#session;
    if (!session) throw new UnauthorizedProviderError(new Error("No wallet is connected."));
    const { methods = [] } = session.namespaces.eip155 ?? {};
    if (!methods.includes(method)) throw new UnsupportedProviderMethodError(new Error(method));
    const request = { method, params };
    const target = { topic: session.topic, chainId: `eip155:${this.#chainId()}` };
    const answer = this.client.request({ ...target, request, expiry: REQUEST_EXPIRY_S });
    // The wallet's own refusals are plain objects; the library throws for its connection, and says itself that the session has ended.
    const ofWallet = answer.catch((cause: unknown) => {
      if (fieldOf(cause, "code") === DISCONNECTED.code) throw endOf(method, cause);
      throw cause instanceof Error ? new WalletConnectUnreached("", { cause }) : cause;
    });
    return Promise.race([ofWallet, this.#ended(method), this.#undelivered(request, ofWallet)]);
  }

  /** Rejects when the session ends. The library never answers the requests of a session that this page ends. */
  #ended(method: string): Promise<never> {
    const { signal } = this.#ending;
    return new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(endOf(method)), { once: true }),
    );
  }

  /** Rejects if the relay does not take a request in time: a relay that hangs would look like a user who takes long. */
  #undelivered(request: object, answer: Promise<unknown>): Promise<never> {
    return new Promise((_resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.client.off("session_request_sent", onSent);
      };
      const onSent = (sent: { request: object }) => sent.request === request && end();
      const timer = setTimeout(() => (end(), reject(new WalletConnectUnreached())), RELAY_TIMEOUT_MS);
      this.client.on("session_request_sent", onSent);
      answer.catch(() => undefined).finally(end);
    });
  }

  async request(asked: WalletConnectRequest): Promise<unknown> {
    const { method } = asked;
    switch (method) {
      case "eth_chainId":
        return numberToHex(this.#chainId());
      case "eth_requestAccounts":
        if (this.#accounts().length === 0) await this.#pairOnce();
        return this.#accounts();
      case "eth_accounts":
        return this.#accounts();
      case "wallet_revokePermissions":
        return this.#forget();
      default:
        if (METHODS.includes(method)) return this.#ask(asked);
        if (method.startsWith("wallet_")) throw new UnsupportedProviderMethodError(new Error(method));
        return this.#node(asked);
    }
  }
}

/** Opens the connection to the relay, with the session of the last page load if there is one. Returns the wallet's `request`. */
export async function openWalletConnect(
  chain: WalletConnectChain,
  reports: WalletConnectReports,
): Promise<(asked: WalletConnectRequest) => Promise<unknown>> {
  const wallet = new WalletConnectWallet(await initClient(chain), chain, reports);
  return (asked) => wallet.request(asked);
}
