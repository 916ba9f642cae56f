import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { databaseSetting } from "@/lib/config/database-settings";
import { checkEnv, type Env } from "@/lib/config/env";
import { envReport } from "@/lib/config/env-rules";
import { silenceLog } from "@/lib/http/log";
import { openDatabase, type Database } from "@/lib/stores/database";
import { databaseProblem } from "@/lib/stores/database-remedies";
import { isMigrated } from "@/lib/stores/migrate";
import { databasePlace } from "@/scripts/database-place";
import { loadWholeEnv, modeOf } from "@/scripts/load-env";

/** Exit codes. */
export const DONE = 0;
export const FAILED = 1;
const MISUSED = 2;

/** The command was called in a way that it does not understand, or that is too dangerous. */
export class UsageError extends Error {}

/** The options of a call, as they were given. */
export class Given {
  constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    private readonly word = "",
  ) {}

  /** The word that is no option, for an action with an `argument`. */
  argument(): string {
    return this.word;
  }

  isSet(name: string): boolean {
    return this.values[name] === true;
  }

  /** The value of an option; undefined if it was not given. Throws a `UsageError` for an empty one, which a script's unset variable leaves. */
  text(name: string): string | undefined {
    const value = this.values[name];
    if (typeof value !== "string") return undefined;
    if (value.trim() === "") throw new UsageError(`--${name} has an empty value.`);
    return value;
  }
}

/** One thing that a command does. */
interface Action {
  options: NonNullable<ParseArgsConfig["options"]>;
  /** The name of one word that is required and no option, such as a file. */
  argument?: string;
  /** Returns the exit code. */
  run(given: Given): Promise<number>;
}

/** A command of an operator. */
interface Command {
  help: string;
  /** By name; a command that does only one thing has the name "". */
  actions: Readonly<Record<string, Action>>;
}

/** The first sentence: what follows in messages of `parseArgs` is about programming. */
function firstSentence(message: string): string {
  return `${message.split(/[.\n]/)[0]}.`;
}

function parse(args: readonly string[], { options, argument }: Action): Given {
  const read = () => parseArgs({ args: [...args], options, allowPositionals: argument !== undefined });
  let parsed: ReturnType<typeof read>;
  try {
    parsed = read();
  } catch (error) {
    throw new UsageError(firstSentence(error instanceof Error ? error.message : String(error)));
  }
  const [word = "", another] = parsed.positionals;
  // An empty one is what a script's unset variable leaves.
  if (argument !== undefined && word.trim() === "") throw new UsageError(`${argument} is missing.`);
  if (another !== undefined) throw new UsageError(`Unexpected argument '${another}'.`);
  return new Given(parsed.values, word);
}

function chosen({ actions }: Command, args: readonly string[]): { action: Action; rest: readonly string[] } {
  const only = actions[""];
  if (only) return { action: only, rest: args };
  const [name = "", ...rest] = args;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action) return { action, rest };
  const known = Object.keys(actions).join(", ");
  const isMissing = name === "" || name.startsWith("-");
  throw new UsageError(isMissing ? `Say what to do: ${known}.` : `There is no "${name}" here, only: ${known}.`);
}

async function perform(command: Command, args: readonly string[]): Promise<number> {
  if (args.some((one) => one === "--help" || one === "-h")) {
    console.log(command.help);
    return DONE;
  }
  const { action, rest } = chosen(command, args);
  return action.run(parse(rest, action));
}

/** Runs a command with the arguments of this process, and sets the exit code: 0 done, 1 failed, 2 called in a wrong way. */
export async function runCommand(command: Command): Promise<void> {
  silenceLog();
  try {
    process.exitCode = await perform(command, process.argv.slice(2));
  } catch (error) {
    const isMisused = error instanceof UsageError;
    console.error(error instanceof Error ? error.message : "The command failed.");
    if (isMisused) console.error("Call it with --help to see what it does.");
    process.exitCode = isMisused ? MISUSED : FAILED;
  }
}

/** A text of the database for a terminal, which obeys some control characters, and turns lines around at others. */
export function printed(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "\ufffd");
}

const NOT_SET =
  "the default: DATABASE_URL is not set here. If the site has another database, nothing of that is read or changed";

/**
 * Says which database a command uses, before it does anything: the same command in another folder or with other files uses another one. On stderr,
 * so that what the command prints can be read by programs.
 */
export function announceDatabase(url: string, isDefault: boolean): void {
  console.error(printed(`Database: ${databasePlace(url)}${isDefault ? ` (${NOT_SET})` : ""}`));
}

/** The whole configuration; its database is announced. Throws, with all problems, if it is not that of a site that runs. */
export function requireEnv(): Env {
  loadWholeEnv();
  const check = checkEnv({ ...process.env, NODE_ENV: modeOf(process.env) });
  if (!check.ok) throw new Error(envReport(check.problems));
  announceDatabase(check.env.databaseUrl, !process.env.DATABASE_URL?.trim());
  return check.env;
}

/** The address of the database, which is announced. None of the other variables has to be right. */
export function requireDatabaseUrl(): string {
  loadWholeEnv();
  const setting = databaseSetting(process.env);
  if (!setting.ok) throw new Error(envReport(setting.problems));
  announceDatabase(setting.url, !process.env.DATABASE_URL?.trim());
  return setting.url;
}

const NOT_MIGRATED = "the database lacks migrations: run `npm run db:migrate` first.";

/**
 * The file of a SQLite database; undefined for a Postgres. Throws if it is not there: opening it would create it, and the command would have done
 * nothing to the site's own.
 */
export function requireDatabaseFile(url: string): string | undefined {
  if (!url.startsWith("file:")) return undefined;
  const file = resolve(url.slice("file:".length));
  if (!existsSync(file)) throw new Error(`there is no file ${file}. Start the site once, or correct the path.`);
  return file;
}

async function openMigrated(url: string): Promise<Database> {
  requireDatabaseFile(url);
  const database = await openDatabase(url);
  // What has ended is told by the database's time: this machine's clock may be days ahead.
  await database.clock.settle();
  if (await isMigrated(database.kysely)) return database;
  await database.kysely.destroy();
  throw new Error(NOT_MIGRATED);
}

/** Runs `work` with the site's database. An error of the database becomes one for a terminal, with what to do about it. */
export async function withDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  try {
    const database = await openMigrated(url);
    return await work(database).finally(() => database.kysely.destroy());
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new Error(databaseProblem("DATABASE_URL", error), { cause: error });
  }
}

/** Asks before something that concerns everybody. Throws a `UsageError` if nobody can be asked, or the answer is not "yes". */
export async function requireYes(given: Given, what: string): Promise<void> {
  if (given.isSet("yes")) return;
  if (!process.stdin.isTTY) throw new UsageError(`${what} Add --yes if that is meant.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${what} Type yes to go on: `).finally(() => terminal.close());
  if (answer.trim().toLowerCase() !== "yes") throw new UsageError("Nothing was changed.");
}
