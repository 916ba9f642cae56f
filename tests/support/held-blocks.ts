import { createTestClient, http, publicActions } from "viem";

/** Runs `work` while the chain mines nothing, then lets it go on with a block every two seconds, as before. */
export async function whileNothingIsMined(rpcUrl: string, work: () => Promise<void>): Promise<void> {
  const node = createTestClient({ mode: "anvil", transport: http(rpcUrl) });
  await node.setAutomine(false);
  await node.setIntervalMining({ interval: 0 });
  try {
    await work();
  } finally {
    await node.setAutomine(true);
    await node.setIntervalMining({ interval: 2 });
    await node.mine({ blocks: 1 });
  }
}

/** Transactions that wait for a block. */
export async function waitingTransactions(rpcUrl: string): Promise<number> {
  const node = createTestClient({ mode: "anvil", transport: http(rpcUrl) }).extend(publicActions);
  return (await node.getTxpoolStatus()).pending;
}
