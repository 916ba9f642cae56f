/**
 * Runs Next's own command line with two things settled first, in the same way on every system: no telemetry is sent, and a
 * server listens on the port of APP_URL, wherever that is set. Plain JavaScript in this very process, because a loader such
 * as tsx would be inherited by Next's worker processes.
 */
import nextEnv from "@next/env";
import { listeningPort } from "./listening-port.mjs";

const SERVERS = ["dev", "start"];
const command = process.argv[2] ?? "dev";

// Per process, not `next telemetry disable`: that would be a setting of the user's account.
process.env.NEXT_TELEMETRY_DISABLED = "1";

if (SERVERS.includes(command)) {
  const { combinedEnv } = nextEnv.loadEnvConfig(process.cwd(), command === "dev", { info() {}, error: console.error });
  const port = listeningPort(combinedEnv);
  // Next loads the files again itself, and watches them in development.
  nextEnv.resetEnv();
  // With an explicit port, Next fails on a busy one; without, it would move to another port, which no registered redirect URI names.
  process.argv.splice(3, 0, "--port", port);
}

await import("next/dist/bin/next");
