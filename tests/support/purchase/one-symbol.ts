import type { NodeClient } from "@/sandbox/chain/node-client";
import { SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";

/** Pushes of the symbol, as the compiler writes them: four bytes, shifted to the left. */
const PUSHES = { usdt: "631554d11560e21b", usdc: "635553444360e01b" };

/** Gives the sandbox's USDT the symbol USDC, as where a sale takes a native and a bridged token of one name, until the chain is reset. */
export async function callBothUsdc(node: NodeClient): Promise<void> {
  const address = SANDBOX_TOKENS.usdt;
  const code = (await node.getCode({ address })) ?? "0x";
  const renamed = code.replaceAll(PUSHES.usdt, PUSHES.usdc);
  if (renamed === code) throw new Error("The token's code does not push its symbol in the known way.");
  await node.request({ method: "anvil_setCode", params: [address, renamed] } as never);
}
