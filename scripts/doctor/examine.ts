import { randomBytes } from "node:crypto";
import { checkEnv, type Env } from "@/lib/config/env";
import { unknownVariables } from "@/lib/config/unknown-variables";
import { deadlineIn } from "@/lib/http/deadline";
import { silenceLog } from "@/lib/http/log";
import { site } from "@/lib/config/site";
import { examineChain } from "@/scripts/doctor/chain";
import { examineConnections } from "@/scripts/doctor/connections";
import { examineDatabase } from "@/scripts/doctor/database";
import { clockFindings, fix, note, ok, reportText, type Examined, type Finding } from "@/scripts/doctor/finding";
import { examineSandbox, examineSonar } from "@/scripts/doctor/sonar";
import { loadWholeEnv, modeOf } from "@/scripts/load-env";

type Source = Readonly<Record<string, string | undefined>>;

/** Options that only tests change. */
interface Options {
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Time limit for each machine that is asked (milliseconds). */
  patienceMs?: number;
  /** The site's own; empty: none. */
  legalNotice?: string;
}

/** Development makes its own secrets and stores them. A check stores nothing, and needs none of them. */
function withoutFiles(source: Source): Source {
  if (source.NODE_ENV === "production") return source;
  const secret = randomBytes(32).toString("base64");
  return {
    ...source,
    SESSION_SECRET: source.SESSION_SECRET || secret,
    TOKEN_ENCRYPTION_KEY: source.TOKEN_ENCRYPTION_KEY || secret,
  };
}

function examineDatabases(env: Env, source: Source, now: () => number, patienceMs: number): Promise<Examined[]> {
  const options = { now, patienceMs, migratesAtStart: env.migrateOnStart };
  const direct = source.DATABASE_DIRECT_URL;
  return Promise.all([
    examineDatabase(source.DATABASE_URL ? "DATABASE_URL" : "DATABASE_URL default", env.databaseUrl, options),
    ...(direct ? [examineDatabase("DATABASE_DIRECT_URL", direct, options)] : []),
  ]);
}

async function examineServices(env: Env, source: Source, now: () => number, patienceMs: number): Promise<Examined[]> {
  // A demo's sandbox has no controls that could say so; its Echo, door and chain are asked like any other.
  const isOwn = env.sandbox && !env.sandbox.demo;
  const sandbox = isOwn ? await examineSandbox(env.sonar.apiUrl, deadlineIn(patienceMs)) : undefined;
  if (sandbox?.level === "fix") return [{ findings: [sandbox] }];
  const sonar = examineSonar(env, deadlineIn(patienceMs), now);
  const isSet = (variable: string) => Boolean(source[variable]);
  const all = await Promise.all([
    sonar,
    examineConnections(env, deadlineIn(patienceMs)).then((findings) => ({ findings })),
    examineChain(
      { env, isSet, patienceMs, now: now() },
      sonar.then(({ decimals }) => decimals),
    ),
  ]);
  return [...(sandbox ? [{ findings: [sandbox] }] : []), ...all];
}

const EXAMPLE_TEXTS =
  "their pages still say that they are an example. Replace the texts, and remove legalNotice in lib/config/site.ts.";

/**
 * Checks a whole set-up, from its environment to its contract, without changing anything. Every machine is asked at the same time and has a
 * time limit. Of a URL, the findings name the host only.
 */
export async function examine(
  given: Source,
  { now = Date.now, patienceMs = 10_000, legalNotice = site.legalNotice }: Options = {},
): Promise<Finding[]> {
  const source = withoutFiles({ ...given, NODE_ENV: modeOf(given) });
  const check = checkEnv(source);
  const unknown = unknownVariables(source).map((text) => note("environment", text));
  if (!check.ok)
    return [
      ...unknown,
      ...check.problems.map(({ variable, problem }) => fix("environment", `${variable} ${problem}.`)),
      note("other checks", "were left out, because they need a complete environment."),
    ];
  const { env } = check;
  const judged = `complete, for ${source.NODE_ENV}${env.sandbox ? " with the sandbox" : ""}.`;
  const groups = await Promise.all([
    examineDatabases(env, source, now, patienceMs),
    examineServices(env, source, now, patienceMs),
  ]);
  const examined = groups.flat();
  const clocks = examined.flatMap((part) => part.clocks ?? []);
  const texts = legalNotice && !env.sandbox ? [note("terms and privacy", EXAMPLE_TEXTS)] : [];
  return [
    ok("environment", judged),
    ...unknown,
    ...texts,
    ...examined.flatMap(({ findings }) => findings),
    ...clockFindings(clocks),
  ];
}

/** Time for connections to close by themselves (milliseconds). */
const GRACE_MS = 1_000;

/** The whole command: checks the environment with its `.env` files and prints the report. If something is to be fixed, the process ends with code 1. */
export async function runDoctor(): Promise<void> {
  loadWholeEnv();
  silenceLog();
  const findings = await examine(process.env);
  console.log(reportText(findings));
  if (findings.some(({ level }) => level === "fix")) process.exitCode = 1;
  // A database or node that hangs may hold a connection.
  setTimeout(() => process.exit(), GRACE_MS).unref();
}
