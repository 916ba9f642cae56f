import nextEnv from "@next/env";

/** Reads the `.env` files into `process.env` as Next does, so that scripts and the app use the same settings. */
export function loadEnv(): void {
  nextEnv.loadEnvConfig(process.cwd(), process.env.NODE_ENV !== "production", {
    info: () => undefined,
    error: console.error,
  });
}
