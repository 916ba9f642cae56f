import { BaseError, numberToHex, UnauthorizedProviderError, withTimeout, type Address } from "viem";
import type { Config, Connection, Connector } from "wagmi";
import { connect, disconnect, getConnectorClient, reconnect, switchConnection, watchConnectors } from "wagmi/actions";
import { ethereumProvider, guardProvider } from "@/lib/wallet/connect/injected-wallets";
import { didNotSwitch, switchNetwork } from "@/lib/wallet/connect/switch-network";
import {
  forgetSandboxOrder,
  openWalletConfig,
  OTHER_CHAIN,
  sandboxOrder,
  walletName,
  walletOptions,
} from "@/lib/wallet/connect/wallet-config";
import { isPhone, walletLinks } from "@/lib/wallet/connect/deep-links";
import { walletCookie, writeCookie } from "@/lib/http/cookies";
import { sameHex } from "@/lib/sale/hex";
import { SANDBOX_WALLET, type WalletActions, type WalletStore, type WalletState } from "@/lib/wallet/wallet";
import type { SaleChain } from "@/lib/sale/state";
import { readChainError } from "@/lib/purchase/errors/chain-error";
import type { ErrorAdvice } from "@/lib/purchase/errors/error-advice";
import { explainWalletError, type WalletError } from "@/lib/purchase/errors/wallet-errors";

/** A wallet that does not answer in this time counts as gone, so that the user can connect it, or another one, by hand. */
const RECONNECT_TIMEOUT_MS = 5000;

/** Returns false if the wallet could not be asked. wagmi itself takes that for a wallet that shares no account. */
async function reconnectInTime(config: Config, connector: Connector): Promise<boolean> {
  async function attempt(): Promise<boolean> {
    await connector.getAccounts();
    await reconnect(config, { connectors: [connector] });
    return true;
  }
  return withTimeout(attempt, { timeout: RECONNECT_TIMEOUT_MS }).catch(
    (error: unknown) => explainWalletError(error).kind !== "network",
  );
}

/** wagmi promises at least one account, but a locked wallet still returns none. */
function stateOf(connection: Connection | undefined): WalletState {
  const [address] = connection?.accounts ?? [];
  if (!connection || !address) return { status: "none" };
  const { accounts, chainId, connector } = connection;
  return { status: "connected", address, chainId, walletName: walletName(connector), accounts };
}

class WagmiWallet implements WalletActions {
  /** The wallet that the user requested last. Answers of other wallets come too late. */
  #wanted: string | undefined;
  /** The wallet that the page uses. */
  #chosen: string | undefined;

  constructor(
    private readonly config: Config,
    private readonly chain: SaleChain,
    private readonly store: WalletStore,
  ) {
    watchConnectors(config, { onChange: () => this.#list() });
    config.subscribe(
      ({ connections }) => connections,
      () => this.#chosen && this.#publish(),
    );
    this.#list();
  }

  #list(): void {
    const options = walletOptions(this.config.connectors, ethereumProvider() !== undefined);
    const hasOwn = options.some(({ kind }) => kind !== "walletconnect");
    this.store.set({ options, links: !hasOwn && isPhone(navigator) ? walletLinks(window.location.href) : [] });
  }

  get #connection(): Connection | undefined {
    return this.#chosen === undefined ? undefined : this.config.state.connections.get(this.#chosen);
  }

  #publish(): void {
    const connection = this.#connection;
    // wagmi makes a wallet current when its user changes the account, but the chosen wallet must stay the one that pays.
    if (connection && this.config.state.current !== this.#chosen) void switchConnection(this.config, connection);
    const state = stateOf(connection);
    if (state.status === "none") this.#chosen = undefined;
    writeCookie(walletCookie(state.status === "connected" ? state.address : undefined));
    const hasArrived = state.status === "connected" && state.chainId === this.chain.chainId;
    this.store.set({ state, ...(hasArrived && this.store.get().error?.showsNetwork && { error: undefined }) });
  }

  async #drop(connector: Connector): Promise<void> {
    // Some wallets cannot be disconnected by a page. It is enough that this page forgets them.
    await disconnect(this.config, { connector }).catch(() => undefined);
  }

  async #choose(connector: Connector): Promise<void> {
    const earlier = this.#connection?.connector;
    this.#chosen = connector.uid;
    this.store.set({ choosing: false });
    this.#publish();
    if (earlier && earlier !== connector) await this.#drop(earlier);
  }

  async #establish(connector: Connector): Promise<void> {
    if (!this.config.state.connections.has(connector.uid)) await connect(this.config, { connector });
    if (this.config.state.connections.get(connector.uid)?.accounts.length) return;
    await this.#drop(connector);
    throw new UnauthorizedProviderError(new Error("The wallet shares no account."));
  }

  async connect(optionId: string): Promise<void> {
    const connector = this.config.connectors.find(({ id }) => id === optionId);
    if (!connector) return;
    this.#wanted = connector.uid;
    this.store.set({ state: { status: "connecting", walletName: walletName(connector) }, error: undefined });
    try {
      await this.#establish(connector);
      await (this.#wanted === connector.uid ? this.#choose(connector) : this.#drop(connector));
    } catch (error) {
      if (this.#wanted !== connector.uid) return;
      this.#publish();
      this.store.set({ error: explainConnectError(error) });
    }
  }

  async #carryOutOrder(address: Address): Promise<void> {
    await this.connect(SANDBOX_WALLET.id);
    // A failed connection forgets the address, but the next page load has to try again.
    if (!this.#connection) return writeCookie(walletCookie(address));
    this.switchAccount(address);
    forgetSandboxOrder();
  }

  async reconnect(address: Address): Promise<void> {
    // A scenario of the sandbox connects its wallet, whichever was used here before.
    if (this.chain.sandboxWallet && sandboxOrder()) return this.#carryOutOrder(address);
    const connector = await findLastConnector(this.config);
    if (this.#wanted !== undefined) return;
    this.#wanted = connector?.uid;
    const answered = !connector || (await reconnectInTime(this.config, connector));
    if (this.#wanted !== connector?.uid) return;
    this.#chosen = connector?.uid;
    this.switchAccount(address);
    if (answered || this.#connection) return this.#publish();
    // The cookie stays: a node out of reach, or a reload that interrupts this one, is no reason to forget the wallet.
    this.#chosen = undefined;
    this.store.set({ state: { status: "none" } });
  }

  async disconnect(): Promise<void> {
    const connector = this.#connection?.connector;
    this.#wanted = undefined;
    this.#chosen = undefined;
    this.#publish();
    if (connector) await this.#drop(connector);
  }

  async switchChain(): Promise<void> {
    const connector = this.#connection?.connector;
    if (!connector) return;
    this.store.set({ error: undefined });
    try {
      const provider = guardProvider(await connector.getProvider());
      // The wallet of an extension that was switched off is gone from the page, and cannot be asked.
      if (!provider || !(await switchNetwork(provider, this.chain)))
        this.store.set({ error: didNotSwitch(this.chain) });
      // Not every wallet reports its own switch.
      else connector.onChainChanged(numberToHex(this.chain.chainId));
    } catch (error) {
      this.store.set({ error: explain(error, SWITCHING) });
    }
  }

  switchAccount(address: Address): void {
    const { connector, accounts = [] } = this.#connection ?? {};
    const chosen = accounts.find((account) => sameHex(account, address));
    if (!chosen) return;
    const others = accounts.filter((account) => account !== chosen);
    // wagmi treats the first account as the current one.
    connector?.emitter.emit("change", { accounts: [chosen, ...others] });
  }

  async leaveChain(): Promise<void> {
    const connector = this.#connection?.connector;
    if (!connector) return;
    const client = await getConnectorClient(this.config, { connector });
    await client.request({ method: "wallet_switchEthereumChain", params: [{ chainId: OTHER_CHAIN }] });
    connector.onChainChanged(OTHER_CHAIN);
  }
}

/** Searches for wallets and puts them into the store. To be called once per page load. */
export function openWallets(chain: SaleChain, store: WalletStore): WalletActions {
  const config = openWalletConfig(chain, (pairingUri) => store.set({ pairingUri }));
  return new WagmiWallet(config, chain, store);
}

/** The time for a wallet to announce itself after the page load. Extensions that do so do it at once. */
const ANNOUNCE_TIMEOUT_MS = 1000;

/** The wallet that was connected last; undefined if it is no longer available. */
async function findLastConnector(config: Config): Promise<Connector | undefined> {
  const id = await config.storage?.getItem("recentConnectorId");
  const find = () => config.connectors.find((connector) => connector.id === id);
  if (!id || find()) return find();
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer);
      unwatch();
      resolve(find());
    };
    const timer = setTimeout(settle, ANNOUNCE_TIMEOUT_MS);
    const unwatch = watchConnectors(config, { onChange: () => find() && settle() });
  });
}

type Words = Partial<Record<WalletError["kind"], string>>;

const CONNECTING: Words = {
  "user-rejected": "You declined in your wallet. Your address was not shared with this site.",
  "wallet-disconnected": "Your wallet is locked. Unlock it and try again.",
  unknown: "Your wallet could not be connected. Check it for a pending request, then try again.",
};

const SWITCHING: Words = {
  "user-rejected": "You declined the switch. Your wallet is still on the other network.",
};

function explain(error: unknown, own: Words): ErrorAdvice {
  const { kind, sentence, action } = explainWalletError(error);
  return { sentence: own[kind] ?? sentence, action };
}

/** By name, because a class is in code that only a demo loads. */
function hasOwnSentence(error: unknown): error is Error {
  return error instanceof Error && (error.name === "FaucetError" || error.name === "WalletConnectError");
}

/** The sentence of a public demo that gave its test wallet nothing, or of WalletConnect. */
function ownSentence(error: unknown): string | undefined {
  const cause = error instanceof BaseError ? error.walk(hasOwnSentence) : error;
  return hasOwnSentence(cause) ? cause.message : undefined;
}

const WINDOW_CLOSED = "The connection window was closed before a wallet answered. Your address was not shared.";

/** WalletConnect reports its closed window in these words. The user may have declined nothing, or have no wallet to scan it with. */
function isWindowClosed(error: unknown): boolean {
  return /connection request reset/i.test(readChainError(error).text);
}

/** Explains why a wallet was not connected. */
function explainConnectError(error: unknown): ErrorAdvice {
  const sentence = ownSentence(error) ?? (isWindowClosed(error) ? WINDOW_CLOSED : undefined);
  return sentence === undefined ? explain(error, CONNECTING) : { sentence, action: "retry" };
}
