/**
 * Runs Next's own command line with three things settled first, in the same way on every system: no telemetry is sent, a
 * server listens on the port of APP_URL, wherever that is set, and a development server on this machine only. Plain JavaScript in this very process, because a loader such
 * as tsx would be inherited by Next's worker processes.
 *
 * The scripts of package.json that run for long begin with `exec`. npm hands SIGTERM and SIGINT to the shell that it started the script
 * with, and Debian's (dash) waits for its command instead of becoming it: the shell would end, npm after it, and the server would go on
 * without either. `exec` puts the server in the shell's place, so that npm waits for it. Windows' shell has no such command, so there
 * `exec.cmd` stands in, which runs what follows; nothing has to be passed on where there are no signals.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, join, sep } from "node:path";
import nextEnv from "@next/env";
import { developmentHost, listeningPort } from "./listening.mjs";

const SERVERS = ["dev", "start"];
const command = process.argv[2] ?? "dev";

// Per process, not `next telemetry disable`: that would be a setting of the user's account.
process.env.NEXT_TELEMETRY_DISABLED = "1";

// As Next does itself, and before the files are read: a line of theirs must not make a developer's server of a live site.
process.env.NODE_ENV ||= command === "dev" ? "development" : "production";

if (SERVERS.includes(command)) {
  const { combinedEnv } = nextEnv.loadEnvConfig(process.cwd(), command === "dev", { info() {}, error: console.error });
  const port = listeningPort(combinedEnv);
  // `next start` runs in this very process, where @next/env reads the files once: their values have to stay. `next dev` has a process of its
  // own, which begins without them and watches them.
  if (command === "dev") nextEnv.resetEnv();
  // With an explicit port, Next fails on a busy one; without, it would move to another port, which no registered redirect URI names.
  process.argv.splice(3, 0, "--port", port);
  if (command === "dev") listenHere(combinedEnv);
}

// Whatever the variable says here: a file of settings that Next reads later can ask for that folder too.
if (command === "build") process.once("exit", removeSettings);

/**
 * Next copies the files of settings that it has read into the folder for containers: whoever ships that would ship the site's secrets. Where a
 * parent folder has a lockfile, Next puts the site into a folder of that folder.
 */
function removeSettings() {
  const folder = join(".next", "standalone");
  // Most builds make none, and one that has failed says why itself.
  if (!existsSync(folder)) return;
  const isSettings = (path) => basename(path).startsWith(".env") && !path.split(sep).includes("node_modules");
  for (const path of readdirSync(folder, { recursive: true }).filter(isSettings)) rmSync(join(folder, path));
}

/**
 * By default Next's development server listens on every interface: anybody in the same network could restart it, open files in an editor, and
 * use the sandbox's people.
 */
function listenHere(vars) {
  const { host, given } = developmentHost(process.argv.slice(3), vars);
  if (!given) process.argv.splice(3, 0, "--hostname", host);
  // The app refuses requests that are addressed to any other name. Next hands this environment to its own process, and not `process.env`.
  nextEnv.updateInitialEnv({ DEV_HOSTNAME: host });
  // Where localhost has two addresses, a server listens on the first one, and some programs try 127.0.0.1 only.
  const options = process.env.NODE_OPTIONS ?? "";
  if (!options.includes("--dns-result-order"))
    process.env.NODE_OPTIONS = `${options} --dns-result-order=ipv4first`.trim();
}

await import("next/dist/bin/next");
