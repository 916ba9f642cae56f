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
