import { untilReady } from "@/tests/support/app/app-process";
import { freePorts } from "@/tests/support/local-server";
import { runSandboxCommand } from "@/tests/support/sandbox/test-sandbox";

type Hex = `0x${string}`;

/** A sandbox in a process of its own, and the facts that it prints at its start: all that a foreign app has to know. */
export interface ForeignSandbox {
  /** Of Echo's API, its pages and the controls. */
  origin: string;
  rpcUrl: string;
  chainId: number;
  clientUUID: string;
  saleUUID: string;
  sale: Hex;
  usdc: Hex;
  multicall: Hex;
  /** Sends a control, as the control panel does. */
  control(method: "PUT" | "POST", path: string, body: object): Promise<void>;
  stop(): Promise<void>;
}

function hex(digits = ""): Hex {
  return `0x${digits}`;
}

/** Starts a sandbox for an app with this redirect URI. */
export async function startForeignSandbox(redirectURI: string, chainId: number): Promise<ForeignSandbox> {
  const port = await freePorts(20);
  const origin = `http://127.0.0.1:${port}`;
  const sandbox = runSandboxCommand({
    SANDBOX_PORT: String(port),
    SANDBOX_CHAIN_ID: String(chainId),
    SONAR_REDIRECT_URI: redirectURI,
  });
  await untilReady(sandbox, `${origin}/sandbox/health`);
  // Echo answers a moment before the last line is printed.
  while (!sandbox.logs().includes("Multicall3")) await new Promise((resolve) => setImmediate(resolve));
  const fact = (name: string) => new RegExp(`^  ${name} +(?:0x)?(\\S+)`, "m").exec(sandbox.logs())?.[1] ?? "";
  return {
    origin,
    rpcUrl: fact("chain"),
    chainId: Number(/chain id (\d+)/.exec(sandbox.logs())?.[1]),
    clientUUID: fact("client"),
    saleUUID: fact("sale"),
    sale: hex(fact("sale contract")),
    usdc: hex(fact("payment tokens")),
    multicall: hex(fact("Multicall3")),
    async control(method, path, body) {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${origin}/sandbox/${path}`, { method, headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    },
    stop: sandbox.stop,
  };
}
