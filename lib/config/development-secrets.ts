import "server-only";
import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const secretsSchema = z.object({ sessionSecret: z.string().min(32), tokenEncryptionKey: z.string().min(43) });

/** The two secrets that a development machine generates. */
type DevelopmentSecrets = z.infer<typeof secretsSchema>;

function readSecrets(file: string): DevelopmentSecrets | undefined {
  if (!existsSync(file)) return undefined;
  const parsed = secretsSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  return parsed.success ? parsed.data : undefined;
}

/**
 * Secrets for development, generated once and stored in `.data/`, readable by their owner only, so that a restart keeps everybody signed in
 * and connected. Production never uses them: there, `checkEnv` requires both variables.
 */
export function developmentSecrets(folder = ".data"): DevelopmentSecrets {
  const place = join(/* turbopackIgnore: true */ process.cwd(), folder);
  const file = join(place, "secrets.json");
  const known = readSecrets(file);
  if (known) return known;
  const secrets = {
    sessionSecret: randomBytes(32).toString("base64url"),
    tokenEncryptionKey: randomBytes(32).toString("base64"),
  };
  mkdirSync(place, { recursive: true, mode: 0o700 });
  // Linking fails if the file exists, and never exposes half a file: of two processes that start together, the second reads the first one's.
  const draft = join(place, `secrets-${process.pid}.json`);
  writeFileSync(draft, JSON.stringify(secrets), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch {
    return readSecrets(file) ?? secrets;
  } finally {
    rmSync(draft);
  }
  return secrets;
}
