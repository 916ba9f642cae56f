import { createConfig, injected, createStorage, type Config, type CreateConnectorFn, type Storage } from "wagmi";
import {
  ChainDisconnectedError,
  UnsupportedProviderMethodError,
  custom,
  http,
  numberToHex,
  type EIP1193Provider,
  type EIP1193RequestFn,
  type EIP1474Methods,
} from "viem";
import { foreignName } from "@/lib/foreign-name";
import { hostCookieName, isSecurePage, SANDBOX_WALLET_COOKIE, writeCookie } from "@/lib/http/cookies";
import { parseJson } from "@/lib/http/parse-json";
import type { DemoWallet, WalletRequest } from "@/lib/wallet/connect/demo-wallet";
import { ethereumProvider, watchAnnouncements } from "@/lib/wallet/connect/injected-wallets";
import { sameHex } from "@/lib/sale/hex";
import { walletConnectProvider } from "@/lib/wallet/connect/wallet-connect";
import type { WalletConnectReports } from "@/lib/wallet/connect/wallet-connect-client";
import { saleNetwork, saleTransport } from "@/lib/wallet/sale-network";
import { SANDBOX_WALLET, WALLET_CONNECT, type WalletOption } from "@/lib/wallet/wallet";
import type { SaleChain } from "@/lib/sale/state";

let opened: Config | undefined;

/** The wallet at `window.ethereum`. wagmi would use whatever is there as it is. */
const unannounced: CreateConnectorFn = (config) => ({
  ...injected()(config),
  getProvider: () => Promise.resolve(ethereumProvider()),
});

function walletConnect(chain: SaleChain, onUri: WalletConnectReports["onUri"]): CreateConnectorFn[] {
  const { walletConnect: settings } = chain;
  if (!settings) return [];
  const provider = walletConnectProvider({ ...chain, walletConnect: settings }, onUri);
  return provider ? [injected({ target: { ...WALLET_CONNECT, provider } })] : [];
}

/**
 * Adds the wallets that announce themselves (EIP-6963). wagmi's own search fails as a whole on one broken announcement, so it is switched
 * off; a connector is added the way it does that.
 */
function addAnnouncedWallets({ _internal: { connectors } }: Config): void {
  watchAnnouncements((target) => {
    const connector = connectors.setup(injected({ target }));
    connectors.setState((all) => [...all, connector]);
  });
}

/** Makes the page's only wagmi config. To support other connectors, add them here. `onUri`: see `WalletConnectReports`. */
export function openWalletConfig(chain: SaleChain, onUri: WalletConnectReports["onUri"]): Config {
  const network = saleNetwork(chain);
  if (chain.sandboxWallet) order = readSandboxOrder();
  opened = createConfig({
    chains: [network],
    transports: { [network.id]: saleTransport(chain) },
    multiInjectedProviderDiscovery: false,
    connectors: [
      unannounced,
      ...walletConnect(chain, onUri),
      ...(chain.sandboxWallet ? [injected({ target: { ...SANDBOX_WALLET, provider: sandboxProvider(chain) } })] : []),
    ],
    storage: walletStorage(),
  });
  addAnnouncedWallets(opened);
  return opened;
}

/** The page's wagmi config. Transactions need it, and they start only after a wallet is connected. */
export function walletConfig(): Config {
  if (!opened) throw new Error("Wallets have not been opened on this page.");
  return opened;
}

/** wagmi's key for its own copy of its connections. */
const CONNECTIONS_KEY = "wagmi.store";

/** wagmi reads its entries as JSON, and fails as a whole on one that is not. */
function jsonOrNull(text: string | null | undefined): string | null {
  return text && parseJson(text) !== undefined ? text : null;
}

function attempt<T>(access: () => T): T | undefined {
  try {
    return access();
  } catch {
    // Storage is blocked or full. The wallet is then forgotten with the page.
    return undefined;
  }
}

/**
 * The storage in which wagmi remembers the last wallet. Its copy of the connections is not stored: when they are read back they have no
 * connector, and disconnecting one wallet would make one of them the current one.
 */
function walletStorage(): Storage {
  return createStorage({
    storage: {
      getItem: (key) => (key === CONNECTIONS_KEY ? null : jsonOrNull(attempt(() => localStorage.getItem(key)))),
      setItem(key, value) {
        if (key !== CONNECTIONS_KEY) attempt(() => localStorage.setItem(key, value));
      },
      removeItem: (key) => attempt(() => localStorage.removeItem(key)),
    },
  });
}

/** The needed part of a wagmi connector. */
export interface WalletConnector {
  readonly id: string;
  readonly name: string;
  readonly icon?: string | undefined;
}

/** wagmi's id of the wallet at `window.ethereum`. */
const UNANNOUNCED = "injected";

/** A wallet that announces itself has a domain for its id, in reverse (EIP-6963 rdns). Connectors of the config have plain names. */
function isAnnounced(id: string): boolean {
  return id.includes(".");
}

/** The name of a connector's wallet. An extension announces whatever name it likes. */
export function walletName({ id, name }: WalletConnector): string {
  return id === UNANNOUNCED ? "Browser wallet" : foreignName(name, "Wallet without a name");
}

function optionOf(connector: WalletConnector): WalletOption {
  const icon = connector.icon?.trim();
  return {
    id: connector.id,
    name: walletName(connector),
    ...(icon?.startsWith("data:image/") && { icon }),
    kind: KINDS.get(connector.id) ?? "browser",
  };
}

/** A map: an extension announces whatever id it likes, and an object has names of its own. */
const KINDS: ReadonlyMap<string, WalletOption["kind"]> = new Map([
  [WALLET_CONNECT.id, "walletconnect"],
  [SANDBOX_WALLET.id, "sandbox"],
]);

/** The order of the list: a wallet that is there comes before one that has to be fetched, and test accounts come last. */
const PLACES: Record<WalletOption["kind"], number> = { browser: 0, walletconnect: 1, sandbox: 2 };

/**
 * The wallets to choose from, those of the browser first. The wallet at `window.ethereum` is listed only if no wallet announced itself:
 * otherwise it is one of those.
 */
export function walletOptions(connectors: readonly WalletConnector[], hasEthereum: boolean): WalletOption[] {
  const known = new Map(connectors.map((connector) => [connector.id, connector]));
  if ([...known.keys()].some(isAnnounced) || !hasEthereum) known.delete(UNANNOUNCED);
  const options = [...known.values()].map(optionOf);
  return options.sort((a, b) => PLACES[a.kind] - PLACES[b.kind]);
}

/** The node's accounts that are not buyers: the sale's operator and the signer of permits. */
const NOT_BUYERS: readonly number[] = [0, 5];

/** Any chain other than the sale's. */
export const OTHER_CHAIN = "0x1";

let order: "sale" | "other" | undefined;

/** What a scenario of the sandbox wants of its wallet on this page: to be connected, on the sale's network or another one. */
export function sandboxOrder(): typeof order {
  return order;
}

function readSandboxOrder(): typeof order {
  const name = hostCookieName(SANDBOX_WALLET_COOKIE, isSecurePage());
  const [, value] = new RegExp(`(?:^|; )${name}=(sale|other)(?:;|$)`).exec(cookieText()) ?? [];
  return value === "sale" || value === "other" ? value : undefined;
}

/** Ends the order once it is carried out, and not before: a reload that interrupts the page must find it again. */
export function forgetSandboxOrder(): void {
  writeCookie({ name: SANDBOX_WALLET_COOKIE, value: "", maxAgeSeconds: 0 });
}

/** Reading cookies throws where a browser blocks them. */
function cookieText(): string {
  return attempt(() => document.cookie) ?? "";
}

/** The accounts of the sandbox's wallet, and the part that signs for them. */
type Keys = Pick<DemoWallet, "addresses" | "request">;

/** The node's accounts that belong to no persona, which are offered where nobody says which. */
const USUAL_ACCOUNTS = 10;

/**
 * The node's own unlocked accounts: the node signs for them and allows everything without asking. Those of the page come first, where
 * the node has them: the first one is the connected persona's own, which no other entity has committed with.
 */
async function keysOfNode(
  { sandboxAccounts = [] }: SaleChain,
  request: EIP1193RequestFn<EIP1474Methods>,
): Promise<Keys> {
  const all = await request({ method: "eth_accounts" });
  const offered = sandboxAccounts.flatMap(({ address }) => all.find((account) => sameHex(account, address)) ?? []);
  const usual = all.filter((_, index) => index < USUAL_ACCOUNTS && !NOT_BUYERS.includes(index));
  return { addresses: offered.length > 0 ? offered : usual, request };
}

/** The code for keys of one's own is loaded in a public demo only. */
function openKeys(chain: SaleChain, request: EIP1193RequestFn<EIP1474Methods>): Promise<Keys> {
  const { faucetUrl } = chain;
  if (faucetUrl === undefined) return keysOfNode(chain, request);
  return import("@/lib/wallet/connect/demo-wallet").then((code) => code.openDemoWallet(chain, faucetUrl, request));
}

/**
 * The sandbox's wallet (EIP-1193). It has no keys, except in a public demo (see `demo-wallet.ts`). It emits no events, since it only changes
 * when this page asks it to.
 */
function sandboxProvider(chain: SaleChain): EIP1193Provider {
  // No retries: a transaction may have been sent even if its answer was lost.
  const node = http(chain.rpcUrls[0], { retryCount: 0 })({ chain: saleNetwork(chain) });
  let chainId: string = order === "other" ? OTHER_CHAIN : numberToHex(chain.chainId);

  let opened: Promise<Keys> | undefined;

  function keys(): Promise<Keys> {
    opened ??= openKeys(chain, node.request).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  async function forward(request: WalletRequest): Promise<unknown> {
    if (request.method.startsWith("wallet_")) throw new UnsupportedProviderMethodError(new Error(request.method));
    if (chainId !== numberToHex(chain.chainId)) throw new ChainDisconnectedError(new Error(`No node for ${chainId}`));
    return (await keys()).request(request);
  }

  async function answer(request: WalletRequest): Promise<unknown> {
    switch (request.method) {
      case "eth_chainId":
        return chainId;
      case "eth_accounts":
      case "eth_requestAccounts":
        return (await keys()).addresses;
      case "wallet_switchEthereumChain":
        chainId = request.params[0].chainId;
        return null;
      default:
        return forward(request);
    }
  }

  const { request } = custom({ request: answer }, { retryCount: 0 })({});
  return { request, on: () => undefined, removeListener: () => undefined };
}
