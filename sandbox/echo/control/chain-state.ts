import { SANDBOX_CHAIN_ID, SANDBOX_SALE, SANDBOX_TOKENS } from "../../chain/chain-facts";
import type { SaleFacts } from "../../chain/sale-reader";
import { json } from "../../http/answer";
import type { Answer } from "../../http/answer";
import { saleWindow } from "../permits/sale-window";
import type { Echo } from "../echo";
import { onChain } from "./on-chain";

/** What GET /sandbox/chain answers. Times are Unix seconds, amounts decimal strings in smallest units. */
export interface ChainState extends Omit<SaleFacts, "totalCommitted" | "totalAccepted" | "totalRefunded"> {
  rpcUrl: string;
  chainId: number;
  sale: string;
  tokens: { usdc: string; usdt: string };
  totalCommitted: string;
  totalAccepted: string;
  totalRefunded: string;
  /** Seconds by which the chain's clock is ahead of the wall clock; a little below 0 while no block is mined. */
  ahead: number;
  /** The window of most personas. */
  window: { opensAt: number; closesAt: number };
}

/** GET /sandbox/chain. Throws ApiError 503 without a chain that answers. */
export async function showChain(echo: Echo): Promise<Answer> {
  const { facts, rpcUrl } = await onChain(echo, async ({ reader }, rpcUrl) => ({
    facts: await reader.facts(),
    rpcUrl,
  }));
  const state: ChainState = {
    rpcUrl,
    chainId: SANDBOX_CHAIN_ID,
    sale: SANDBOX_SALE,
    tokens: SANDBOX_TOKENS,
    ...facts,
    totalCommitted: facts.totalCommitted.toString(),
    totalAccepted: facts.totalAccepted.toString(),
    totalRefunded: facts.totalRefunded.toString(),
    ahead: facts.time - Math.floor(echo.now() / 1000),
    window: saleWindow("open", echo.anchor.time),
  };
  return json(state);
}
