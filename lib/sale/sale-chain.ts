import type { Address } from "viem";

/** Where the sale is on chain, as far as browsers may know it; absent while its contract is not announced. */
export interface SaleChain {
  chainId: number;
  chainName: string;
  /** What gas is paid in. */
  nativeCurrency: { name: string; symbol: string; decimals: number };
  /** The sale's contract. */
  contract: Address;
  /** RPC URLs that browsers may see, the preferred one first. */
  rpcUrls: readonly string[];
  /** Origin of a block explorer of this chain. */
  explorerUrl?: string;
  /** One price tick as a decimal number: neither the API nor the contract tells it (sonar.md 4.6). */
  priceTick?: string;
  /** The sandbox's wallet is offered: this is the sandbox's own chain. */
  sandboxWallet: boolean;
}
