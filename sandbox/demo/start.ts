import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { sandboxChainPort } from "../../lib/config/sandbox";
import { PortInUse } from "../chain/node";
import { startEcho } from "../echo/server";
import { isAddressInUse } from "../http/service";
import { startDemoChain } from "./chain";
import { Door, type DoorRequest } from "./door";

/** Options for a public demo. */
export interface DemoOptions {
  /** The first of two ports: Echo's and the chain's. 0 takes any free ports. */
  port: number;
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
  /** Starts the sale anew. Visitors stay connected. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a sandbox that strangers may use: with keys of its own, without controls and faults, and with nothing in it that one visitor shares
 * with another but the sale itself. It never attaches to a sandbox that runs already, whose keys are public.
 */
export async function startDemo(options: DemoOptions): Promise<RunningDemo> {
  const { port, redirectUri, publicUrl, resetMinutes, onFailure } = options;
  const permitSigner = privateKeyToAccount(generatePrivateKey());
  const chain = await startDemoChain(port === 0 ? 0 : sandboxChainPort(port), permitSigner.address).catch(explain);
  const echo = await startEcho({
    port,
    redirectUris: [redirectUri],
    chainRpcUrl: chain.rpcUrl,
    demo: { publicUrl, permitSigner },
  }).catch(async (error: unknown) => {
    await chain.close();
    return explain(error);
  });
  const door = new Door({ echoOrigin: echo.origin, rpcUrl: chain.rpcUrl, fund: chain.fund });
  const timesFrom = (startedAt: number): DemoTimes => ({
    startedAt,
    ...(resetMinutes !== undefined && { nextReset: startedAt + resetMinutes * 60_000 }),
  });
  let times = timesFrom(Date.now());
  const reset = async () => {
    await chain.reset();
    echo.startAnew();
    door.startAnew();
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
    rpcUrl: chain.rpcUrl,
    answer: (request) => door.answer(request),
    times: () => times,
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
