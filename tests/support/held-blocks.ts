import { createTestClient, http, publicActions } from "viem";

/**
 * Runs `work` while the chain mines nothing. From then on a block comes with each transaction, and no longer also every two seconds: the node
 * does both only from its start, and a later interval would make every transaction wait for its end.
 */
export async function whileNothingIsMined(rpcUrl: string, work: () => Promise<void>): Promise<void> {
  const node = createTestClient({ mode: "anvil", transport: http(rpcUrl) });
  await node.setAutomine(false);
  await node.setIntervalMining({ interval: 0 });
  try {
    await work();
  } finally {
    await node.setAutomine(true);
    await node.mine({ blocks: 1 });
  }
}

/** Transactions that wait for a block. */
export async function waitingTransactions(rpcUrl: string): Promise<number> {
  const node = createTestClient({ mode: "anvil", transport: http(rpcUrl) }).extend(publicActions);
  return (await node.getTxpoolStatus()).pending;
}
