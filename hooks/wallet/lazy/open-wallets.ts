import type { Address } from "viem";
import { UnauthorizedProviderError, withTimeout } from "viem";
import type { Config, Connection, Connector } from "wagmi";
import {
  connect,
  disconnect,
  getConnectorClient,
  reconnect,
  switchChain,
  switchConnection,
  watchConnectors,
} from "wagmi/actions";
import { findLastConnector } from "@/hooks/wallet/lazy/find-connector";
import { openWalletConfig } from "@/hooks/wallet/lazy/wallet-config";
import { explainConnectError, explainSwitchError } from "@/hooks/wallet/lazy/wallet-errors";
import { walletName, walletOptions } from "@/hooks/wallet/lazy/wallet-options";
import { walletCookie } from "@/hooks/wallet/wallet-cookie";
import type { WalletSession } from "@/hooks/wallet/wallet-session";
import type { WalletStore } from "@/hooks/wallet/wallet-store";
import type { SaleChain } from "@/lib/sale/sale-chain";
import type { WalletState } from "@/lib/sale/wallet-state";

/** Any chain that is not the sale's. */
const ELSEWHERE = "0x1";

/** After this a wallet that does not answer counts as gone: the user must be able to connect it, or another one, by hand. */
const RECONNECT_MS = 5000;

async function reconnectInTime(config: Config, connector: Connector): Promise<void> {
  const attempt = () => reconnect(config, { connectors: [connector] });
  await withTimeout(attempt, { timeout: RECONNECT_MS }).catch(() => undefined);
}

/** wagmi promises at least one account; a wallet that is locked gives none all the same. */
function stateOf(connection: Connection | undefined): WalletState {
  const [address] = connection?.accounts ?? [];
  if (!connection || !address) return { status: "none" };
  const { accounts, chainId, connector } = connection;
  return { status: "connected", address, chainId, walletName: walletName(connector), accounts };
}

class WagmiSession implements WalletSession {
  /** The wallet that the user asked for last: an answer of another one comes too late. */
  #wanted: string | undefined;
  /** The wallet whose connection is the page's. */
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
    this.store.set({ options: walletOptions(this.config.connectors, "ethereum" in window) });
  }

  get #connection(): Connection | undefined {
    return this.#chosen === undefined ? undefined : this.config.state.connections.get(this.#chosen);
  }

  #publish(): void {
    const connection = this.#connection;
    // A wallet in which the user changes the account connects itself: it must not become the one that pays.
    if (connection && this.config.state.current !== this.#chosen) void switchConnection(this.config, connection);
    const state = stateOf(connection);
    if (state.status === "none") this.#chosen = undefined;
    document.cookie = walletCookie(state.status === "connected" ? state.address : undefined);
    this.store.set({ state });
  }

  async #drop(connector: Connector): Promise<void> {
    // Some wallets cannot be disconnected from a page: what counts is that this page forgets them.
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

  async reconnect(address: Address): Promise<void> {
    const connector = await findLastConnector(this.config);
    if (this.#wanted !== undefined) return;
    this.#wanted = connector?.uid;
    if (connector) await reconnectInTime(this.config, connector);
    if (this.#wanted !== connector?.uid) return;
    this.#chosen = connector?.uid;
    this.switchAccount(address);
    this.#publish();
  }

  async disconnect(): Promise<void> {
    const connector = this.#connection?.connector;
    this.#wanted = undefined;
    this.#chosen = undefined;
    this.#publish();
    if (connector) await this.#drop(connector);
  }

  async switchChain(): Promise<void> {
    const { rpcUrls, chainId } = this.chain;
    this.store.set({ error: undefined });
    try {
      await switchChain(this.config, { chainId, addEthereumChainParameter: { rpcUrls } });
    } catch (error) {
      this.store.set({ error: explainSwitchError(error) });
    }
  }

  switchAccount(address: Address): void {
    const { connector, accounts = [] } = this.#connection ?? {};
    const chosen = accounts.find((account) => account.toLowerCase() === address.toLowerCase());
    if (!chosen) return;
    const others = accounts.filter((account) => account !== chosen);
    // wagmi takes the first account for the current one.
    connector?.emitter.emit("change", { accounts: [chosen, ...others] });
  }

  async leaveChain(): Promise<void> {
    const connector = this.#connection?.connector;
    if (!connector) return;
    const client = await getConnectorClient(this.config, { connector });
    await client.request({ method: "wallet_switchEthereumChain", params: [{ chainId: ELSEWHERE }] });
    connector.onChainChanged(ELSEWHERE);
  }
}

/** Looks for wallets and tells the store which there are. Once for a page load. */
export function openWallets(chain: SaleChain, store: WalletStore): WalletSession {
  return new WagmiSession(openWalletConfig(chain), chain, store);
}
