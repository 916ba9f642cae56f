import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

/** The services that an app under test uses. */
export interface AppEnvironmentOptions {
  /** `file:...` or `postgres://...`. */
  databaseUrl: string;
  sandboxPort: number;
  /** The node of the sale's chain; absent: an address that does not answer, so that the app starts none of its own. */
  rpcUrl?: string;
  /** The addresses of the further providers; absent: ones that do not answer, so that the app starts none of its own. */
  providers?: Readonly<Record<string, string>>;
}

/** An address that nothing answers at. */
export const NOBODY = "http://127.0.0.1:9";

/** The variables with the addresses of the further providers. Browser tests cannot import the definitions, which are server-only. */
function providerAddressVariables(): string[] {
  const folder = "lib/providers";
  const texts = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, "utf8"));
  return texts.flatMap((text) =>
    [...text.matchAll(/([A-Z][A-Z0-9_]+): (?:serverOrigin|issuerUrl)\("/g)].map(([, name = ""]) => name),
  );
}

/** A TOKEN_ENCRYPTION_KEY: 32 random bytes in base64. */
export function encryptionKey(): string {
  return randomBytes(32).toString("base64");
}

/** The environment of an app in production against a sandbox, with secrets of its own. */
export function appEnvironment(options: AppEnvironmentOptions): Record<string, string> {
  const { databaseUrl, sandboxPort, rpcUrl = NOBODY } = options;
  return {
    DATABASE_URL: databaseUrl,
    SANDBOX: "1",
    // The tests sign in as themselves, whatever a fork's `lib/authenticate.ts` asks for.
    DEMO_SIGN_IN: "1",
    // All of a test's people have the address of this machine.
    RATE_SIGN_IN_PER_MINUTE: "100000",
    RATE_CONNECT_PER_ADDRESS_PER_MINUTE: "100000",
    RATE_CALLBACK_PER_ADDRESS_PER_MINUTE: "100000",
    // No balancer asks whether the app is ready.
    SHUTDOWN_DRAIN_MS: "0",
    SANDBOX_PORT: String(sandboxPort),
    ...Object.fromEntries(providerAddressVariables().map((name) => [name, NOBODY])),
    ...options.providers,
    RPC_URLS: rpcUrl,
    PUBLIC_RPC_URLS: rpcUrl,
    SESSION_SECRET: randomBytes(32).toString("base64url"),
    TOKEN_ENCRYPTION_KEY: encryptionKey(),
  };
}
