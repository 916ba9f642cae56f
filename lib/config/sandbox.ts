import type { Address } from "viem";

/**
 * The facts that the app, the sandbox and the tests must agree on. They are public and fixed, so that none of the three
 * needs configuration to find the others. The credentials open nothing but the sandbox.
 */

/** The first of the sandbox's ports: Echo's. The chain has the next one, each further provider two after that. */
export const SANDBOX_DEFAULT_PORT = 4010;

/** The app's OAuth client id with the sandbox's Echo. */
export const SANDBOX_CLIENT_UUID = "5a17b0c5-7e57-4c1e-9a3d-0f5a1e5a1e01";

/** The sandbox's only sale. */
export const SANDBOX_SALE_UUID = "5a1e0000-7e57-4a1e-8b2c-2c0ffee5a1e1";

/** The chain's id unless SANDBOX_CHAIN_ID names another one: that of local development chains, which no public chain has. */
export const SANDBOX_DEFAULT_CHAIN_ID = 31337;

/** The sale contract, which the sandbox's operator deploys third on a fresh chain. */
export const SANDBOX_SALE: Address = "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0";

/** A payment token of the sandbox. */
export type SandboxToken = "usdc" | "usdt";

/** The payment tokens that the sandbox's sale accepts, in its order. A sale has one of them or both. */
export const SANDBOX_DEFAULT_TOKENS: readonly SandboxToken[] = ["usdc", "usdt"];

/** An account of the sandbox's wallet. */
export interface SandboxAccount {
  address: Address;
  /** e.g. "1, used by Ada". */
  label: string;
}

/** The path of a public demo's door: Echo's pages, the chain and the faucet are below it. */
export const SANDBOX_DEMO_PATH = "/sandbox";

/** What a public demo keeps in a visitor's browser, by its key there: the keys of the test wallet, and when the sale began. */
export const SANDBOX_DEMO_STORAGE = { wallet: "demo-wallet", sale: "demo-sale" } as const;

/** Origin of the sandbox's Echo (API and consent page). 127.0.0.1, so that it is cross-site to an app on localhost. */
export function sandboxEchoOrigin(port: number = SANDBOX_DEFAULT_PORT): string {
  return `http://127.0.0.1:${port}`;
}

/** Port of the sandbox's chain. */
export function sandboxChainPort(sandboxPort: number = SANDBOX_DEFAULT_PORT): number {
  return sandboxPort + 1;
}

/** The app's registration with the stand-in of that provider. */
export function sandboxClient(id: string): { clientId: string; clientSecret: string } {
  return { clientId: `sandbox-${id}-client`, clientSecret: `sandbox-${id}-secret-3f1c9a7e` };
}

/** The stand-in for a further provider in the sandbox. */
export interface SandboxStandIn {
  clientId: string;
  clientSecret: string;
  /** The port of its API. */
  port: number;
  origin: string;
  /** Origin of its pages, where they are on another host than the API. */
  pagesOrigin: string;
}

/** The stand-in for a further provider, whose `place` in the registry, from 0, decides its two ports. */
export function sandboxStandIn(id: string, place: number, sandboxPort: number): SandboxStandIn {
  const port = sandboxPort + 2 + 2 * place;
  return { ...sandboxClient(id), port, origin: sandboxEchoOrigin(port), pagesOrigin: sandboxEchoOrigin(port + 1) };
}
