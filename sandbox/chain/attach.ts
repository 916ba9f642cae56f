import { setTimeout as delay } from "node:timers/promises";
import { SANDBOX_CHAIN_ID } from "./chain-facts";
import { isDeployed } from "./deploy";
import { nodeClient } from "./node/node-client";

/** How long the process that runs the chain may take to deploy the contracts. */
const PATIENCE_MS = 10_000;
const POLL_MS = 50;

/** Waits until the sandbox's contracts are at `rpcUrl`. Throws if what answers there is not this sandbox's chain. */
export async function attachToChain(rpcUrl: string): Promise<void> {
  const node = nodeClient(rpcUrl);
  const chainId = await node.getChainId().catch(() => undefined);
  if (chainId !== SANDBOX_CHAIN_ID) {
    throw new Error(`${rpcUrl} is taken by something that is not this sandbox's chain. Stop it, or set SANDBOX_PORT.`);
  }
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isDeployed(node))) {
    if (Date.now() > deadline) throw new Error(`The chain at ${rpcUrl} has not this version's contracts. Stop it.`);
    await delay(POLL_MS);
  }
}
