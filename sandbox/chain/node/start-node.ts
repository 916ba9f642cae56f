import { findAnvil } from "./anvil-binary";
import { startGuarded } from "./guarded-process";
import type { GuardedProcess } from "./guarded-process";

/** How to run the EVM node. */
export interface NodeOptions {
  /** 0 takes any free port. */
  port: number;
  chainId: number;
  /** Where the chain is kept between two runs; absent: in memory only. */
  stateFile?: string;
  /** Seconds between two blocks, in addition to one for every transaction; absent: only those. */
  blockSeconds?: number;
  /** Takes contracts of any size. */
  anyCodeSize?: boolean;
}

/** An EVM node that answers on 127.0.0.1. */
export interface RunningNode {
  rpcUrl: string;
  /** Ends it in an orderly way: the state is written. */
  close(): Promise<void>;
}

/** The port is taken by another program. */
export class PortInUse extends Error {
  override name = "PortInUse";
}

/** Starts an EVM node. Rejects with PortInUse, or with the node's own words. It ends when this process does. */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const node = startGuarded(findAnvil(), nodeArguments(options));
  const port = await untilListening(node);
  return { rpcUrl: `http://127.0.0.1:${port}`, close: node.close };
}

function nodeArguments({ port, chainId, stateFile, blockSeconds, anyCodeSize }: NodeOptions): string[] {
  return [
    ...["--host", "127.0.0.1", "--port", `${port}`, "--chain-id", `${chainId}`],
    ...(stateFile === undefined ? [] : ["--state", stateFile]),
    ...(blockSeconds === undefined ? [] : ["--block-time", `${blockSeconds}`, "--mixed-mining"]),
    ...(anyCodeSize ? ["--disable-code-size-limit"] : []),
  ];
}

function untilListening(node: GuardedProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer | string) => {
      output += chunk.toString();
      const port = /^Listening on 127\.0\.0\.1:(\d+)/m.exec(output)?.[1];
      if (port !== undefined) resolve(port);
    };
    node.stdout.on("data", read);
    node.stderr.on("data", read);
    void node.ended.then(() => reject(failure(output)));
  });
}

function failure(output: string): Error {
  if (output.includes("Address already in use")) return new PortInUse("The port is taken.");
  return new Error(`The local chain did not start: ${output.trim()}`);
}
