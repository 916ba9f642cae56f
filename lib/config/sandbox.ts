import type { Address } from "viem";

/**
 * The facts that the app, the sandbox and the tests must agree on. They are public and fixed, so that none of the three
 * needs configuration to find the others. The credentials open nothing but the sandbox.
 */

/** The first of the sandbox's six ports: Echo, chain, OnceHub, Interact, Rakomi's API, Rakomi's pages. */
export const SANDBOX_DEFAULT_PORT = 4010;

/** The app's OAuth client id with the sandbox's Echo. */
export const SANDBOX_CLIENT_UUID = "5a17b0c5-7e57-4c1e-9a3d-0f5a1e5a1e01";

/** The sandbox's only sale. */
export const SANDBOX_SALE_UUID = "5a1e0000-7e57-4a1e-8b2c-2c0ffee5a1e1";

/** The chain id of local development chains; no public chain has it. */
export const SANDBOX_CHAIN_ID = 31337;

/** The sale contract, which the sandbox's operator deploys third on a fresh chain. */
export const SANDBOX_SALE: Address = "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0";

/** The app's registration with one of the further providers. */
interface SandboxClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The app's registration with the sandbox's OnceHub. */
export const SANDBOX_ONCEHUB: SandboxClient = {
  clientId: "sandbox-oncehub-client",
  clientSecret: "sandbox-oncehub-secret-3f1c9a7e",
};

/** The app's registration with the sandbox's Interact. */
export const SANDBOX_INTERACT: SandboxClient = {
  clientId: "sandbox-interact-client",
  clientSecret: "sandbox-interact-secret-8b2d4e60",
};

/** The app's registration with the sandbox's Rakomi. */
export const SANDBOX_RAKOMI: SandboxClient = {
  clientId: "sandbox-rakomi-client",
  clientSecret: "sandbox-rakomi-secret-c57a1f38",
};

/** The path of a public demo's door: Echo's pages, the chain and the faucet are below it. */
export const SANDBOX_DEMO_PATH = "/sandbox";

/** Origin of the sandbox's Echo (API and consent page). 127.0.0.1, so that it is cross-site to an app on localhost. */
export function sandboxEchoOrigin(port: number = SANDBOX_DEFAULT_PORT): string {
  return `http://127.0.0.1:${port}`;
}

/** Port of the sandbox's chain. */
export function sandboxChainPort(sandboxPort: number = SANDBOX_DEFAULT_PORT): number {
  return sandboxPort + 1;
}

/** Origin of the sandbox's OnceHub. */
export function sandboxOnceHubOrigin(port: number): string {
  return sandboxEchoOrigin(port + 2);
}

/** Origin of the sandbox's Interact. */
export function sandboxInteractOrigin(port: number): string {
  return sandboxEchoOrigin(port + 3);
}

/** Origin of the API of the sandbox's Rakomi. */
export function sandboxRakomiOrigin(port: number): string {
  return sandboxEchoOrigin(port + 4);
}

/** Origin of the pages of the sandbox's Rakomi, which has them on another host than its API; also its issuer. */
export function sandboxRakomiAccountsOrigin(port: number): string {
  return sandboxEchoOrigin(port + 5);
}
