import { numberToHex, type EIP1193Provider } from "viem";
import type { SaleChain } from "@/lib/sale/state";
import { explainWalletError, type WalletError } from "@/lib/purchase/errors/wallet-errors";
import { readChainId } from "@/lib/wallet/wallet-answers";
import type { WalletFault } from "@/lib/wallet/wallet";

/** Wallets answer a switch before they have made it. */
const ARRIVAL_MS = 1_000;
const POLL_MS = 100;

type Provider = Pick<EIP1193Provider, "request">;

/** Throws for a wallet that no longer answers: asking it again and again would take minutes. */
async function isOn(provider: Provider, chainId: number): Promise<boolean> {
  const answer = await provider.request({ method: "eth_chainId" }).catch((error: unknown) => {
    if (explainWalletError(error).kind === "wallet-unreached") throw error;
  });
  return readChainId(answer) === chainId;
}

async function arrives(provider: Provider, chainId: number): Promise<boolean> {
  for (let waited = 0; waited < ARRIVAL_MS; waited += POLL_MS) {
    if (await isOn(provider, chainId)) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return isOn(provider, chainId);
}

/** The user declined, or must answer another request first: neither is overcome by asking for something else. */
const FINAL: ReadonlySet<WalletError["kind"]> = new Set(["user-rejected", "wallet-busy"]);

/** Asks, and returns true once the wallet is on the chain. A refusal that is not final returns false. */
async function attempt(provider: Provider, chainId: number, request: () => Promise<unknown>): Promise<boolean> {
  try {
    await request();
  } catch (error) {
    if (FINAL.has(explainWalletError(error).kind)) throw error;
    return isOn(provider, chainId);
  }
  return arrives(provider, chainId);
}

/**
 * Asks a wallet to switch to the sale's chain, and otherwise to add it. There is a code for a chain that a wallet does not know (4902), but
 * wallets also answer with other codes, with text, or with null, and stay where they are. Returns false if it stays; throws if the user
 * declines or another request is open.
 */
export async function switchNetwork(provider: Provider, chain: SaleChain): Promise<boolean> {
  const { chainId, chainName, nativeCurrency, rpcUrls, explorerUrl } = chain;
  const id = numberToHex(chainId);
  const ask = () => provider.request({ method: "wallet_switchEthereumChain", params: [{ chainId: id }] });
  const network = {
    chainId: id,
    chainName,
    nativeCurrency,
    rpcUrls,
    ...(explorerUrl !== undefined && { blockExplorerUrls: [explorerUrl] }),
  };
  const add = () => provider.request({ method: "wallet_addEthereumChain", params: [network] });
  if (await attempt(provider, chainId, ask)) return true;
  if (await attempt(provider, chainId, add)) return true;
  // Some wallets only add it, and switch when they are asked again.
  return attempt(provider, chainId, ask);
}

/** The wallet is still on another network. */
export function didNotSwitch({ chainName }: Pick<SaleChain, "chainName">): WalletFault {
  return {
    sentence: `Your wallet did not switch to ${chainName}. Switch to it in your wallet. If it is not listed there, add it with the details below.`,
    action: "none",
    showsNetwork: true,
  };
}
