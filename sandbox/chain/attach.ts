import { setTimeout as delay } from "node:timers/promises";
import { BaseError, HttpRequestError, TimeoutError } from "viem";
import { SANDBOX_CHAIN_ID } from "./chain-facts";
import { isDeployed } from "./deploy";
import { nodeClient, type NodeClient } from "./node/node-client";

/** How long the process that runs the chain may take to answer and to deploy the contracts. */
const PATIENCE_MS = 10_000;
const POLL_MS = 50;

/** A node that is starting has its port a moment before it answers there; whatever answers an error is something else. */
function isSilence(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  const cause = error.walk((each) => each instanceof TimeoutError || each instanceof HttpRequestError);
  return cause instanceof TimeoutError || (cause instanceof HttpRequestError && cause.status === undefined);
}

async function chainIdOnceItAnswers(node: NodeClient, deadline: number): Promise<number | undefined> {
  for (;;) {
    try {
      return await node.getChainId();
    } catch (error) {
      if (!isSilence(error) || Date.now() > deadline) return undefined;
      await delay(POLL_MS);
    }
  }
}

/** Waits until the sandbox's contracts are at `rpcUrl`. Throws if what answers there is not this sandbox's chain. */
export async function attachToChain(rpcUrl: string): Promise<void> {
  const node = nodeClient(rpcUrl);
  const deadline = Date.now() + PATIENCE_MS;
  const chainId = await chainIdOnceItAnswers(node, deadline);
  if (chainId !== SANDBOX_CHAIN_ID) {
    throw new Error(`${rpcUrl} is taken by something that is not this sandbox's chain. Stop it, or set SANDBOX_PORT.`);
  }
  while (!(await isDeployed(node))) {
    if (Date.now() > deadline) throw new Error(`The chain at ${rpcUrl} has not this version's contracts. Stop it.`);
    await delay(POLL_MS);
  }
}
