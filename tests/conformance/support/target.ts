import { getAddress } from "viem";
import type { Address } from "viem";
import { startChain } from "@/sandbox/chain/start";

/** The deployment that the rules are checked against. */
export interface Target {
  rpcUrl: string;
  sale: Address;
  close(): Promise<void>;
}

/**
 * The deployment that CONFORMANCE_RPC_URL and CONFORMANCE_SALE_ADDRESS name, or our own on a fresh chain. The node must be
 * a development node that may impersonate accounts: for a real sale, one that forks its chain.
 */
export async function openTarget(): Promise<Target> {
  const { CONFORMANCE_RPC_URL: rpcUrl, CONFORMANCE_SALE_ADDRESS: sale } = process.env;
  if (!rpcUrl && !sale) {
    const chain = await startChain({ port: 0 });
    return { rpcUrl: chain.rpcUrl, sale: chain.saleAddress, close: chain.close };
  }
  if (!rpcUrl || !sale) throw new Error("CONFORMANCE_RPC_URL and CONFORMANCE_SALE_ADDRESS go together.");
  return { rpcUrl, sale: getAddress(sale), close: () => Promise.resolve() };
}
