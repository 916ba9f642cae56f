import type { NodeAnswer } from "@/tests/support/injected-wallet-script";

/** Asks a node as a wallet does, by JSON-RPC; an error is part of the answer. */
export async function askNode(rpcUrl: string, request: { method: string; params?: unknown }): Promise<NodeAnswer> {
  const response = await fetch(rpcUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, params: [], ...request }),
  });
  return response.json();
}
