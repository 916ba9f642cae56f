import "server-only";
import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const schema = z.object({ sessionSecret: z.string().min(32), tokenEncryptionKey: z.string().min(43) });

/** The two secrets a development machine makes for itself. */
export type DevelopmentSecrets = z.infer<typeof schema>;

function read(file: string): DevelopmentSecrets | undefined {
  if (!existsSync(file)) return undefined;
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  return parsed.success ? parsed.data : undefined;
}

/**
 * Secrets for development, made once and kept in `.data/` for their owner's eyes only, so that a restart keeps everybody
 * signed in and connected. Production never gets here: `checkEnv` demands both variables there.
 */
export function developmentSecrets(folder = ".data"): DevelopmentSecrets {
  const place = join(/* turbopackIgnore: true */ process.cwd(), folder);
  const file = join(place, "secrets.json");
  const known = read(file);
  if (known) return known;
  const secrets = {
    sessionSecret: randomBytes(32).toString("base64url"),
    tokenEncryptionKey: randomBytes(32).toString("base64"),
  };
  mkdirSync(place, { recursive: true, mode: 0o700 });
  // Linking fails if the file exists, and never shows half of it: of two processes that start together, the loser reads the winner's.
  const draft = join(place, `secrets-${process.pid}.json`);
  writeFileSync(draft, JSON.stringify(secrets), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch {
    return read(file) ?? secrets;
  } finally {
    rmSync(draft);
  }
  return secrets;
}
