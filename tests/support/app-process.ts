import { resolve } from "node:path";
import { freePort } from "@/tests/support/free-ports";
import { requireProductionBuild } from "@/tests/support/production-build";
import { startServerProcess, untilReady, type ServerProcess } from "@/tests/support/server-process";

const NEXT = resolve("node_modules/next/dist/bin/next");

/** The production build of this app, running. */
export interface AppProcess extends ServerProcess {
  /** Its origin, on localhost: the sandbox is on 127.0.0.1, so that the way back from it crosses sites. */
  url: string;
}

/** How to start the app. */
export interface AppOptions {
  env: Readonly<Record<string, string>>;
  port?: number;
  /** What has to answer 2xx before the app counts as started. */
  readyPath?: string;
  /** See `ServerProcessOptions`. */
  heapLimitMb?: number;
}

/** The app's origin for a port. */
export function appUrl(port: number): string {
  return `http://localhost:${port}`;
}

/** Starts the production build without waiting for it: for tests of an app that refuses to start. */
export function launchApp(port: number, env: AppOptions["env"], heapLimitMb?: number): AppProcess {
  requireProductionBuild();
  const own = {
    NEXT_TELEMETRY_DISABLED: "1",
    // Tells Next that .env files were read already: a developer's own must not change what is tested.
    __NEXT_PROCESSED_ENV: "1",
    APP_URL: appUrl(port),
  };
  const args = [NEXT, "start", "-p", String(port)];
  const server = startServerProcess({ args, env: { ...own, ...env }, heapLimitMb });
  return { ...server, url: appUrl(port) };
}

/** Starts the production build (`npm run build` made it) and waits until it answers. */
export async function startApp(options: AppOptions): Promise<AppProcess> {
  const { env, port, readyPath = "/api/health", heapLimitMb } = options;
  const app = launchApp(port ?? (await freePort()), env, heapLimitMb);
  await untilReady(app, new URL(readyPath, app.url).href);
  return app;
}
