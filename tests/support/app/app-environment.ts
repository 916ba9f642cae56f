import { randomBytes } from "node:crypto";

/** The services that an app under test uses. */
export interface AppEnvironmentOptions {
  /** `file:...` or `postgres://...`. */
  databaseUrl: string;
  sandboxPort: number;
  /** The node of the sale's chain; absent: an address that does not answer, so that the app starts none of its own. */
  rpcUrl?: string;
  /** The addresses of the further providers; absent: ones that do not answer, so that the app starts none of its own. */
  providers?: ProviderAddresses;
}

/** The variables with the addresses of the providers besides Sonar. */
export type ProviderAddresses = Readonly<Record<(typeof PROVIDER_VARIABLES)[number], string>>;

const PROVIDER_VARIABLES = [
  "ONCEHUB_APP_URL",
  "ONCEHUB_API_URL",
  "INTERACT_URL",
  "RAKOMI_URL",
  "RAKOMI_ACCOUNTS_URL",
  "RAKOMI_ISSUER",
] as const;

/** An address that nothing answers at. */
export const NOBODY = "http://127.0.0.1:9";

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
    SANDBOX_PORT: String(sandboxPort),
    ...Object.fromEntries(PROVIDER_VARIABLES.map((name) => [name, options.providers?.[name] ?? NOBODY])),
    RPC_URLS: rpcUrl,
    PUBLIC_RPC_URLS: rpcUrl,
    SESSION_SECRET: randomBytes(32).toString("base64url"),
    TOKEN_ENCRYPTION_KEY: encryptionKey(),
  };
}
