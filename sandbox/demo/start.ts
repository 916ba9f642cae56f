import { randomBytes } from "node:crypto";
import { numberToHex, type Address } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import {
  SANDBOX_DEFAULT_CHAIN_ID,
  SANDBOX_DEFAULT_TOKENS,
  sandboxChainPort,
  type SandboxToken,
} from "../../lib/config/sandbox";
import { OPERATOR } from "../chain/chain-facts";
import { deploySandboxContracts, mintTokens } from "../chain/deploy";
import { PortInUse, startNode, type NodeOptions } from "../chain/node";
import { nodeClient, type NodeClient } from "../chain/node-client";
import { startEcho } from "../echo/server";
import { isAddressInUse } from "../http/service";
import { BLOCK_SECONDS } from "../start";
import { Door, type DoorRequest } from "./door";

/** Options for a public demo. */
export interface DemoOptions {
  /** The first of two ports: Echo's and the chain's. 0 takes any free ports. */
  port: number;
  /** Absent: that of local development chains. */
  chainId?: number;
  /** The payment tokens of the sale, in its order; absent: both. */
  paymentTokens?: readonly SandboxToken[];
  redirectUri: string;
  /** The address, with its path, at which browsers reach the door. */
  publicUrl: string;
  /** Absent: the sale starts anew only when `reset` is called. */
  resetMinutes?: number;
  /** Called after a reset that failed: the demo is no longer as it was promised to be. */
  onFailure?: (error: unknown) => void;
}

interface DemoTimes {
  startedAt: number;
  nextReset?: number;
}

/** A running demo. Nothing of it is on disk, and a restart is a reset. */
export interface RunningDemo {
  echoOrigin: string;
  rpcUrl: string;
  /** Answers what a visitor's browser sends below the public address. */
  answer(request: DoorRequest): Promise<Response>;
  /** Unix times in milliseconds: when the sale began, and when it starts anew. */
  times(): DemoTimes;
  /** In Unix seconds: the window of most visitors' permits. */
  window(): { opensAt: number; closesAt: number };
  /** Starts the sale anew. Visitors stay connected. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a sandbox that strangers may use: with keys of its own, without controls and faults, and with nothing in it that one visitor shares
 * with another but the sale itself. It never attaches to a sandbox that runs already, whose keys are public.
 */
export async function startDemo(options: DemoOptions): Promise<RunningDemo> {
  const { port, chainId = SANDBOX_DEFAULT_CHAIN_ID, redirectUri, publicUrl, resetMinutes, onFailure } = options;
  const { paymentTokens = SANDBOX_DEFAULT_TOKENS } = options;
  const permitSigner = privateKeyToAccount(generatePrivateKey());
  const nodeOptions = { port: port === 0 ? 0 : sandboxChainPort(port), chainId };
  const sale = { permitSigner: permitSigner.address, paymentTokens };
  const chain = await startDemoChain(nodeOptions, sale).catch(explain);
  const echo = await startEcho({
    port,
    redirectUris: [redirectUri],
    chainRpcUrl: chain.rpcUrl,
    ...(paymentTokens[0] && { paymentToken: paymentTokens[0] }),
    demo: { publicUrl, permitSigner },
  }).catch(async (error: unknown) => {
    await chain.close();
    return explain(error);
  });
  const { rpcUrl, operator, fund } = chain;
  const door = new Door({ echoOrigin: echo.origin, rpcUrl, chainId, operator, fund });
  const timesFrom = (startedAt: number): DemoTimes => ({
    startedAt,
    ...(resetMinutes !== undefined && { nextReset: startedAt + resetMinutes * 60_000 }),
  });
  let times = timesFrom(Date.now());
  const reset = async () => {
    const chainIsReset = chain.reset();
    // At once: a wallet that is funded from now on waits behind the reset, and belongs to the new sale.
    door.startAnew();
    await chainIsReset;
    echo.startAnew();
    times = timesFrom(Date.now());
  };
  const timer =
    resetMinutes && setInterval(() => void reset().catch((error) => onFailure?.(error)), resetMinutes * 60_000);
  const close = async () => {
    clearInterval(timer);
    await echo.close();
    await chain.close();
  };
  return {
    echoOrigin: echo.origin,
    rpcUrl,
    answer: (request) => door.answer(request),
    times: () => times,
    window: () => echo.window(),
    reset,
    close,
  };
}

function explain(error: unknown): never {
  if (!(error instanceof PortInUse) && !isAddressInUse(error)) throw error;
  throw new Error(
    "A port of the sandbox is in use. A public demo needs both for itself: stop the other program, or set SANDBOX_PORT.",
  );
}

interface DemoSale {
  permitSigner: Address;
  paymentTokens: readonly SandboxToken[];
}

/** The chain of a public demo. It is in memory only: a restart is a reset. */
interface DemoChain {
  rpcUrl: string;
  operator: Address;
  /** Gives a wallet coin for fees and 100,000 of each token. */
  fund(wallet: Address): Promise<void>;
  /** Restores the chain's first state, at wall time, once the wallets before are funded. Nobody sees a state in between. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

const ONE_COIN = 10n ** 18n;

/** A few seconds. Everybody behind in the queue waits as well, and the node mines at once or not at all. */
const POLLS_OF_A_MINT = 500;

/**
 * Starts a chain on which nobody has a key that could do anything to others. The sale's operator is a random address without any key, for
 * which the node signs; this server alone can ask it to. The contracts' addresses are the usual ones, because the usual account deploys
 * them: its key is public, and it gets no role and no coin.
 */
async function startDemoChain(options: Pick<NodeOptions, "port" | "chainId">, sale: DemoSale): Promise<DemoChain> {
  const { rpcUrl, close } = await startNode({
    ...options,
    blockSeconds: BLOCK_SECONDS,
    forStrangers: true,
  });
  const node = nodeClient(rpcUrl);
  try {
    const operator = randomAddress();
    await deploy(node, operator, sale);
    const snapshots = new Snapshots(node);
    await snapshots.take();
    const inTurn = queue();
    const fund = async (wallet: Address) => {
      await startNonces(node, wallet);
      await setBalance(node, wallet, ONE_COIN);
      await mintTokens(node, operator, wallet, POLLS_OF_A_MINT);
    };
    return {
      rpcUrl,
      operator,
      fund: (wallet) => inTurn(() => fund(wallet)),
      reset: () => inTurn(() => snapshots.restore()),
      close,
    };
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
 * Begins a wallet's nonces at the current millisecond. Transactions of an earlier sale have lower ones. Otherwise anybody could read them from
 * the chain and send them again after a reset, in their signer's name. A wallet that has begun in this sale continues.
 */
async function startNonces(node: NodeClient, wallet: Address): Promise<void> {
  if ((await node.getTransactionCount({ address: wallet })) > 0) return;
  await node.request({ method: "anvil_setNonce", params: [wallet, numberToHex(Date.now())] });
}

async function deploy(node: NodeClient, operator: Address, sale: DemoSale): Promise<void> {
  await setBalance(node, operator, 1_000_000n * ONE_COIN);
  await node.request({ method: "anvil_impersonateAccount", params: [operator] });
  await setBalance(node, OPERATOR, ONE_COIN);
  await node.request({ method: "anvil_impersonateAccount", params: [OPERATOR] });
  await deploySandboxContracts(node, { ...sale, operator, funded: [] });
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

/**
 * Acts that start only after the previous one. The operator's transactions would otherwise compete for one nonce, and a reset would drop one
 * that is awaited, or keep it in the first state.
 */
function queue(): (act: () => Promise<void>) => Promise<void> {
  let last = Promise.resolve();
  return (act) => {
    const result = last.then(act);
    last = result.catch(() => undefined);
    return result;
  };
}
