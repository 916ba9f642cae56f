import { randomBytes } from "node:crypto";

/** Which services an app under test works with. */
export interface AppEnvironmentOptions {
  /** `file:...` or `postgres://...`. */
  databaseUrl: string;
  sandboxPort: number;
  /** The node of the sale's chain; absent: one that does not answer, so that the app starts none of its own. */
  rpcUrl?: string;
}

const NO_NODE = "http://127.0.0.1:9";

/** A TOKEN_ENCRYPTION_KEY: 32 random bytes in base64. */
export function encryptionKey(): string {
  return randomBytes(32).toString("base64");
}

/** The environment of an app in production against a sandbox, with secrets of its own. */
export function appEnvironment(options: AppEnvironmentOptions): Record<string, string> {
  const { databaseUrl, sandboxPort, rpcUrl = NO_NODE } = options;
  return {
    DATABASE_URL: databaseUrl,
    SANDBOX: "1",
    SANDBOX_PORT: String(sandboxPort),
    RPC_URLS: rpcUrl,
    PUBLIC_RPC_URLS: rpcUrl,
    SESSION_SECRET: randomBytes(32).toString("base64url"),
    TOKEN_ENCRYPTION_KEY: encryptionKey(),
  };
}
