import { existsSync } from "node:fs";
import { join } from "node:path";
import nextEnv from "@next/env";
import { isLoopback } from "@/lib/http/secure-url";

/**
 * Reads the `.env` files into `process.env` as Next does, so that scripts and the app use the same settings. Returns the names of those that
 * are there, the first taking precedence.
 */
export function loadEnv(production = process.env.NODE_ENV === "production"): string[] {
  const log = { info: () => undefined, error: console.error };
  const isGiven = process.env.NODE_ENV !== undefined;
  const { loadedEnvFiles } = nextEnv.loadEnvConfig(process.cwd(), !production, log, true);
  // Next takes it from no file either.
  if (!isGiven) Reflect.deleteProperty(process.env, "NODE_ENV");
  return loadedEnvFiles.map(({ path }) => path);
}

/** NODE_ENV as it is set; without it, a site on another address than this machine's is meant for production. */
export function modeOf({ NODE_ENV, APP_URL }: Readonly<Record<string, string | undefined>>): string {
  return NODE_ENV || (APP_URL && !isLoopback(APP_URL) ? "production" : "development");
}

/**
 * True if the files that `npm start` reads name a site. Whoever has them keeps APP_URL or DATABASE_URL in them, perhaps nowhere else: a command
 * that took a developer's instead would pause the sale in another database than the site's.
 */
function isOfSite(env: Readonly<Record<string, string | undefined>>): boolean {
  const isThere = (file: string) => existsSync(join(process.cwd(), file));
  const namesSite = modeOf(env) === "production" || Boolean(env.DATABASE_URL?.trim());
  return namesSite || [".env.production", ".env.production.local"].some(isThere);
}

/**
 * Reads the files of the mode that the site itself runs in: those that `npm start` reads, unless NODE_ENV asks for development, or only that has
 * settings. Settings of a development machine, such as DEMO_SIGN_IN, say nothing about a site in production.
 */
export function loadWholeEnv(): void {
  const isDevelopment = process.env.NODE_ENV === "development";
  if (!isDevelopment) loadEnv(true);
  if (isDevelopment || !isOfSite(process.env)) loadEnv();
}
