/**
 * What the app must know to talk to the sandbox. Everything here is public and fixed, so that the app, the sandbox and
 * the tests agree without configuration.
 */

/** The first of the sandbox's ports, Echo's; the chain takes the next one. */
export const SANDBOX_DEFAULT_PORT = 4010;

/** OAuth client id under which the app is registered with the sandbox's Echo. */
export const SANDBOX_CLIENT_UUID = "5a17b0c5-7e57-4c1e-9a3d-0f5a1e5a1e01";

/** The sandbox's one sale. */
export const SANDBOX_SALE_UUID = "5a1e0000-7e57-4a1e-8b2c-2c0ffee5a1e1";

/** Origin of the sandbox's Echo (API and consent page) for a port. 127.0.0.1, so that it is cross-site to localhost. */
export function sandboxEchoOrigin(port: number = SANDBOX_DEFAULT_PORT): string {
  return `http://127.0.0.1:${port}`;
}

/** What a provider's emulator knows the app by. Public like everything here: it opens nothing but the emulator. */
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

/** Origin of the sandbox's OnceHub, for the sandbox's first port. */
export function sandboxOnceHubOrigin(port: number): string {
  return sandboxEchoOrigin(port + 2);
}

/** Origin of the sandbox's Interact, for the sandbox's first port. */
export function sandboxInteractOrigin(port: number): string {
  return sandboxEchoOrigin(port + 3);
}

/** Origin of the API of the sandbox's Rakomi, for the sandbox's first port. */
export function sandboxRakomiOrigin(port: number): string {
  return sandboxEchoOrigin(port + 4);
}

/** Origin of the pages of the sandbox's Rakomi, which has them on another host than its API; also its issuer. */
export function sandboxRakomiAccountsOrigin(port: number): string {
  return sandboxEchoOrigin(port + 5);
}
