import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { checkEnv } from "@/lib/config/env";
import { runDoctor } from "@/scripts/doctor/examine";
import { commentOf, readEnvFile, targetOf, valuesOf, withValues, writeEnvFile, written } from "@/scripts/env-file";

const FILE = ".env";
const EXAMPLE = ".env.example";

type Values = Record<string, string>;

/** One question. Its explanation is the variable's comment in `.env.example`. */
interface Question {
  variable: string;
  /** True if an answer may hold a password or a key: it is not shown again. */
  secret?: true;
  /** Left out if this is false for the answers so far. */
  applies?: (values: Values) => boolean;
  /** Removed with it, because they would be wrong alone. */
  dependants?: readonly string[];
}

const hasChain = ({ SALE_CHAIN_ID }: Values) => Boolean(SALE_CHAIN_ID);
const hasLogin = ({ LOGIN_ISSUER }: Values) => Boolean(LOGIN_ISSUER);
const hasContract = (values: Values) => hasChain(values) && Boolean(values.SALE_CONTRACT_ADDRESS);

const QUESTIONS: readonly Question[] = [
  { variable: "APP_URL" },
  { variable: "SONAR_CLIENT_UUID" },
  { variable: "SONAR_SALE_UUID" },
  { variable: "DATABASE_URL", secret: true },
  { variable: "LOGIN_ISSUER", dependants: ["LOGIN_CLIENT_ID", "LOGIN_CLIENT_SECRET"] },
  { variable: "LOGIN_CLIENT_ID", applies: hasLogin },
  { variable: "LOGIN_CLIENT_SECRET", secret: true, applies: hasLogin },
  { variable: "SALE_CHAIN_ID", dependants: ["SALE_CONTRACT_ADDRESS"] },
  { variable: "SALE_CONTRACT_ADDRESS", applies: hasChain },
  { variable: "SALE_FROM_BLOCK", applies: hasContract },
  { variable: "RPC_URLS", secret: true, applies: hasContract },
  { variable: "PUBLIC_RPC_URLS", applies: hasContract },
  { variable: "SALE_PRICE_TICK", applies: hasContract },
  { variable: "SUPPORT_URL" },
];

/** Random values that the site needs. Each is made once and kept. */
const SECRETS: readonly { variable: string; loss: string }[] = [
  { variable: "SESSION_SECRET", loss: "a new one signs everybody out" },
  { variable: "TOKEN_ENCRYPTION_KEY", loss: "with a new one, everybody has to connect again" },
];

/** Lines that people type or a program sends. Undefined after the last one, or after Ctrl-C. */
interface Terminal {
  say(text: string): void;
  ask(prompt: string): Promise<string | undefined>;
  close(): void;
}

function openTerminal(): Terminal {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // The iterator keeps lines that arrive before their question, as from a pipe.
  const lines = terminal[Symbol.asyncIterator]();
  let isOpen = true;
  terminal.once("close", () => (isOpen = false));
  return {
    say: (text) => console.log(text),
    ask: async (prompt) => {
      terminal.setPrompt(prompt);
      // A pipe may have ended already, with its lines still to be read.
      if (isOpen) terminal.prompt();
      const { value, done } = await lines.next();
      return done ? undefined : value.trim();
    },
    close: () => terminal.close(),
  };
}

/** The problem of one variable, by all rules for a site in production, those across variables included. */
function problemOf(variable: string, values: Values): string | undefined {
  const value = values[variable];
  if (value !== undefined && written(value) === undefined)
    return "cannot be kept in an .env file, because of its quotes, backslashes or line breaks";
  const check = checkEnv({ ...values, NODE_ENV: "production" });
  return check.ok ? undefined : check.problems.find((one) => one.variable === variable)?.problem;
}

function promptFor({ variable, secret }: Question, current: string | undefined): string {
  if (current === undefined) return `${variable} (Enter: none): `;
  return `${variable} (Enter keeps ${secret ? "the current value" : current}, - removes it): `;
}

/** Asks until the answer is valid; returns the values that it sets. Undefined if the input has ended. */
async function askFor(question: Question, values: Values, terminal: Terminal): Promise<Values | undefined> {
  const { variable, dependants = [] } = question;
  const current = values[variable];
  for (;;) {
    const line = await terminal.ask(promptFor(question, current));
    if (line === undefined) return undefined;
    const answer = line === "-" ? "" : line || (current ?? "");
    // Without an answer they stay: the value may be in another file.
    const names = line === "-" ? [variable, ...dependants] : [variable];
    const given = Object.fromEntries(names.map((name) => [name, answer]));
    const problem = problemOf(variable, { ...values, ...given });
    if (problem === undefined) return given;
    terminal.say(`  ${variable} ${problem}.`);
    const alone = dependants.filter((name) => values[name] !== undefined);
    if (alone.length > 0) terminal.say(`  A dash (-) removes ${alone.join(" and ")}.`);
  }
}

function newSecret(): string {
  return randomBytes(32).toString("base64");
}

/** The secrets to write: those that are missing, and those that are invalid if their loss is accepted. Undefined if the input has ended. */
async function secretsFor(values: Values, terminal: Terminal): Promise<Values | undefined> {
  const made: Values = {};
  for (const { variable, loss } of SECRETS) {
    const problem = problemOf(variable, values);
    if (problem === undefined) continue;
    if (values[variable] !== undefined) {
      const answer = await terminal.ask(`${variable} ${problem}. Replace it (${loss})? [y/N] `);
      if (answer === undefined) return undefined;
      if (!/^y(es)?$/i.test(answer)) continue;
    } else terminal.say(`${variable} is made.`);
    made[variable] = newSecret();
  }
  return made;
}

/** The values to write. Undefined if the input has ended. */
async function interview(values: Values, example: string, terminal: Terminal): Promise<Values | undefined> {
  const given: Values = {};
  for (const question of QUESTIONS) {
    const { variable, applies } = question;
    if (applies && !applies({ ...values, ...given })) continue;
    terminal.say(`\n${commentOf(example, variable)}`);
    const answer = await askFor(question, { ...values, ...given }, terminal);
    if (answer === undefined) return undefined;
    Object.assign(given, answer);
  }
  terminal.say("");
  const secrets = await secretsFor({ ...values, ...given }, terminal);
  return secrets && { ...given, ...secrets };
}

/** Only what differs is written, so that a value keeps its form and its quotes. */
function changesOf(values: Values, given: Values): Values {
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => value !== (values[name] ?? "")));
}

/** Names what the `.env` file cannot change: Next gives other places precedence. */
function overridden(given: Values): string[] {
  const places = [
    ".env.local",
    ".env.development",
    ".env.development.local",
    ".env.production",
    ".env.production.local",
  ];
  const others = places.map((name) => ({ name, values: valuesOf(readEnvFile(name)) }));
  return [{ name: "the environment", values: process.env }, ...others].flatMap(({ name, values }) =>
    Object.keys(given)
      .filter((variable) => values[variable] && values[variable] !== given[variable])
      .map((variable) => `${variable} is set in ${name} too, which takes precedence over ${FILE}.`),
  );
}

async function main(): Promise<void> {
  const example = readEnvFile(EXAMPLE);
  // First, so that nobody answers all questions for a file that cannot be written.
  targetOf(FILE);
  const text = readEnvFile(FILE);
  const values = valuesOf(text);
  const terminal = openTerminal();
  terminal.say(
    `This asks for what the site needs and writes it to ${FILE}, at the end. Ctrl-C ends it and changes nothing.`,
  );
  const given = await interview(values, example, terminal);
  terminal.close();
  if (!given) {
    terminal.say(`\nThe input has ended, so nothing was written: ${FILE} is as it was.`);
    process.exitCode = 130;
    return;
  }
  const changes = changesOf(values, given);
  const names = Object.keys(changes).join(", ");
  const newRights = names === "" ? undefined : writeEnvFile(FILE, withValues(text || example, changes, example));
  terminal.say(names === "" ? `Nothing in ${FILE} has changed.\n` : `Written to ${FILE}: ${names}.\n`);
  if (newRights) terminal.say(`${newRights}\n`);
  for (const line of overridden(given)) terminal.say(line);
  await runDoctor();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
