import { randomBytes } from "node:crypto";
import { numberToHex, type Address } from "viem";
import { SANDBOX_CHAIN_ID } from "../../lib/config/sandbox";
import { OPERATOR } from "../chain/chain-facts";
import { deploySandboxContracts, mintTokens } from "../chain/deploy";
import { startNode } from "../chain/node";
import { nodeClient, type NodeClient } from "../chain/node-client";
import { BLOCK_SECONDS } from "../start";

/** The chain of a public demo. It is in memory only: a restart is a reset. */
export interface DemoChain {
  rpcUrl: string;
  /** Gives a wallet coin for fees and 100,000 of each token. */
  fund(wallet: Address): Promise<void>;
  /** Restores the chain's first state, at wall time. Nobody sees a state in between. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

const ONE_COIN = 10n ** 18n;

/**
 * Starts a chain on which nobody has a key that could do anything to others. The sale's operator is a random address without any key, for
 * which the node signs; this server alone can ask it to. The contracts' addresses are the usual ones, because the usual account deploys
 * them: its key is public, and it gets no role and no coin.
 */
export async function startDemoChain(port: number, permitSigner: Address): Promise<DemoChain> {
  const { rpcUrl, close } = await startNode({
    port,
    chainId: SANDBOX_CHAIN_ID,
    blockSeconds: BLOCK_SECONDS,
    forStrangers: true,
  });
  const node = nodeClient(rpcUrl);
  try {
    const operator = randomAddress();
    await deploy(node, operator, permitSigner);
    const snapshots = new Snapshots(node);
    await snapshots.take();
    const fund = oneByOne(async (wallet: Address) => {
      await startNonces(node, wallet);
      await setBalance(node, wallet, ONE_COIN);
      await mintTokens(node, operator, wallet);
    });
    return { rpcUrl, fund, reset: () => snapshots.restore(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function randomAddress(): Address {
  return `0x${randomBytes(20).toString("hex")}`;
}

async function setBalance(node: NodeClient, account: Address, wei: bigint): Promise<void> {
  await node.request({ method: "anvil_setBalance", params: [account, numberToHex(wei)] });
}

/**
 * Begins a wallet's nonces at the current second. Transactions of an earlier sale have lower ones. Otherwise anybody could read them from the
 * chain and send them again after a reset, in their signer's name.
 */
async function startNonces(node: NodeClient, wallet: Address): Promise<void> {
  await node.request({ method: "anvil_setNonce", params: [wallet, numberToHex(Math.floor(Date.now() / 1000))] });
}

async function deploy(node: NodeClient, operator: Address, permitSigner: Address): Promise<void> {
  await setBalance(node, operator, 1_000_000n * ONE_COIN);
  await node.request({ method: "anvil_impersonateAccount", params: [operator] });
  await setBalance(node, OPERATOR, ONE_COIN);
  await node.request({ method: "anvil_impersonateAccount", params: [OPERATOR] });
  await deploySandboxContracts(node, { operator, permitSigner, funded: [] });
  await node.request({ method: "anvil_stopImpersonatingAccount", params: [OPERATOR] });
  await setBalance(node, OPERATOR, 0n);
}

/** The chain's first state. A restored snapshot is used up, so the next one is taken at once. */
class Snapshots {
  private latest: `0x${string}` = "0x0";

  constructor(private readonly node: NodeClient) {}

  async take(): Promise<void> {
    this.latest = await this.node.request({ method: "evm_snapshot" });
  }

  async restore(): Promise<void> {
    // Waiting transactions belong to wallets that are empty afterwards.
    await this.node.request({ method: "anvil_dropAllTransactions" });
    if (!(await this.node.request({ method: "evm_revert", params: [this.latest] }))) {
      throw new Error("The node has lost the first state of the demo's chain.");
    }
    await this.take();
    // By itself, the node would continue at the time of the snapshot.
    await this.node.request({ method: "anvil_setTime", params: [Math.floor(Date.now() / 1000)] });
    await this.node.request({ method: "evm_mine" });
  }
}

/** Calls that start only after the previous one: the operator's transactions would otherwise compete for one nonce. */
function oneByOne<T>(act: (value: T) => Promise<void>): (value: T) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return (value) => {
    const result = last.then(() => act(value));
    last = result.catch(() => undefined);
    return result;
  };
}
