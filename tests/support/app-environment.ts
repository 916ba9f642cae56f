import { randomBytes } from "node:crypto";

/** Which services an app under test works with. */
export interface AppEnvironmentOptions {
  /** `file:...` or `postgres://...`. */
  databaseUrl: string;
  sandboxPort: number;
}

/** A TOKEN_ENCRYPTION_KEY: 32 random bytes in base64. */
export function encryptionKey(): string {
  return randomBytes(32).toString("base64");
}

/** The environment of an app in production against a sandbox, with secrets of its own. */
export function appEnvironment({ databaseUrl, sandboxPort }: AppEnvironmentOptions): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    SANDBOX: "1",
    SANDBOX_PORT: String(sandboxPort),
    SESSION_SECRET: randomBytes(32).toString("base64url"),
    TOKEN_ENCRYPTION_KEY: encryptionKey(),
  };
}
