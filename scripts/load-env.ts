import nextEnv from "@next/env";

/**
 * Reads the `.env` files into `process.env` as Next does, so that scripts and the app use the same settings. Returns the names of those that
 * are there, the first taking precedence.
 */
export function loadEnv(production = process.env.NODE_ENV === "production"): string[] {
  const log = { info: () => undefined, error: console.error };
  return nextEnv.loadEnvConfig(process.cwd(), !production, log, true).loadedEnvFiles.map(({ path }) => path);
}
