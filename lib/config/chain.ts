import "server-only";
import type { Chain } from "viem";
import * as chains from "viem/chains";
import type { Environment } from "@/lib/config/env-schema";
import { SANDBOX_SALE, sandboxChainPort } from "@/lib/config/sandbox";
import { isLoopback } from "@/lib/http/secure-url";
import type { SaleChain } from "@/lib/sale/state";

/** The public facts about a chain. */
interface KnownChain {
  name: string;
  nativeCurrency: { name: string; symbol: string; decimals: number };
  /** Public nodes, over https only; empty if none is known. */
  rpcUrls: readonly string[];
  /** Origin of its block explorer. */
  explorerUrl?: string;
}

function factsOf({ name, nativeCurrency, rpcUrls, blockExplorers }: Chain): KnownChain {
  const explorer = blockExplorers?.default.url;
  return {
    name,
    nativeCurrency,
    rpcUrls: rpcUrls.default.http.filter((url) => url.startsWith("https://")),
    ...(explorer !== undefined && { explorerUrl: new URL(explorer).origin }),
  };
}

/**
 * The chain of an id, if viem lists it. If two chains claim one id, it is the first by name. On the server only: the list has 700 chains, and
 * a browser needs one.
 */
export function knownChain(chainId: number): KnownChain | undefined {
  const found = Object.values<Chain>(chains).find(({ id }) => id === chainId);
  return found && factsOf(found);
}

/** The server's settings of the sale's chain. The facts for browsers are separate, so that the two are never confused. */
export interface ChainSettings {
  facts: SaleChain;
  /** For the server's reads, the preferred one first. They may carry keys. */
  rpcUrls: readonly string[];
  /** The block from which on the contract's events are read; its first one if absent. */
  fromBlock?: number;
}

const ETHER = { name: "Ether", symbol: "ETH", decimals: 18 };

/** The price step of the sandbox's auction. */
const SANDBOX_PRICE_TICK = "0.0215";

function optionalFacts(vars: Environment): Partial<SaleChain> {
  return {
    ...(vars.SALE_PRICE_TICK !== undefined && { priceTick: vars.SALE_PRICE_TICK }),
    ...(vars.EXPLORER_URL !== undefined && { explorerUrl: vars.EXPLORER_URL }),
    ...(vars.WALLETCONNECT_PROJECT_ID !== undefined && {
      walletConnect: {
        projectId: vars.WALLETCONNECT_PROJECT_ID,
        ...(vars.WALLETCONNECT_RELAY_URL !== undefined && { relayUrl: vars.WALLETCONNECT_RELAY_URL }),
      },
    }),
  };
}

/** The URL of a node on this machine has no key to leak. Of other nodes, browsers get only the public URLs. */
function rpcUrlsForBrowsers(vars: Environment, rpcUrls: readonly string[]): readonly string[] {
  return vars.PUBLIC_RPC_URLS ?? rpcUrls.filter(isLoopback);
}

/** The sandbox that the chain belongs to. */
interface ChainOfSandbox {
  /** Its first port. */
  port: number;
  chainId: number;
  /** The address of the door of a public demo. */
  demoUrl?: string;
}

function sandboxSettings(vars: Environment, { port, chainId, demoUrl }: ChainOfSandbox): ChainSettings {
  const rpcUrls = vars.RPC_URLS ?? [`http://127.0.0.1:${sandboxChainPort(port)}`];
  const facts = {
    chainId,
    chainName: "Sandbox chain",
    nativeCurrency: ETHER,
    contract: SANDBOX_SALE,
    rpcUrls: demoUrl === undefined ? rpcUrlsForBrowsers(vars, rpcUrls) : [`${demoUrl}/rpc`],
    sandboxWallet: true,
    ...(demoUrl !== undefined && { faucetUrl: `${demoUrl}/wallets` }),
    priceTick: SANDBOX_PRICE_TICK,
    ...optionalFacts(vars),
  };
  return { facts, rpcUrls };
}

/**
 * The chain of the sale with its defaults; the sandbox's own if there is one. Undefined until the contract is announced. Browsers
 * never get RPC_URLS, which may carry keys, in place of PUBLIC_RPC_URLS. The only exception is the sandbox's node on this machine.
 */
export function chainSettings(vars: Environment, sandbox: ChainOfSandbox | undefined): ChainSettings | undefined {
  if (sandbox) return sandboxSettings(vars, sandbox);
  const { SALE_CHAIN_ID: chainId, SALE_CONTRACT_ADDRESS: contract } = vars;
  if (chainId === undefined || contract === undefined) return undefined;
  const known = knownChain(chainId);
  const facts = {
    chainId,
    chainName: known?.name ?? `Chain ${chainId}`,
    nativeCurrency: known?.nativeCurrency ?? ETHER,
    contract,
    rpcUrls: vars.PUBLIC_RPC_URLS ?? known?.rpcUrls ?? [],
    sandboxWallet: false,
    ...(known?.explorerUrl !== undefined && { explorerUrl: known.explorerUrl }),
    ...optionalFacts(vars),
  };
  const { SALE_FROM_BLOCK: fromBlock, RPC_URLS: rpcUrls = known?.rpcUrls ?? [] } = vars;
  return { facts, rpcUrls, ...(fromBlock !== undefined && { fromBlock }) };
}
