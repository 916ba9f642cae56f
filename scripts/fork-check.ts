import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { copyProject, runIn } from "./project-copy";
import { applyRecipe, readRecipes } from "./recipes";

const STEPS = {
  types: ["npm", "run", "--silent", "typecheck"],
  unused: ["npm", "run", "--silent", "unused"],
  build: ["npm", "run", "--silent", "build"],
  unit: ["npx", "--no-install", "vitest", "run", "--project", "unit", "--silent=passed-only"],
  component: ["npx", "--no-install", "vitest", "run", "--project", "component", "--silent=passed-only"],
  // Those that need the machine to themselves copy projects and measure memory: they say nothing about a fork.
  integration: ["npx", "--no-install", "vitest", "run", "--project", "integration", "--silent=passed-only"],
  browser: ["npx", "--no-install", "playwright", "test", "--reporter=line"],
} as const;

type StepName = keyof typeof STEPS;

const QUICK: readonly StepName[] = ["types", "unused", "unit", "component"];
const WITHOUT_SERVERS: readonly StepName[] = ["types", "unused", "build", "unit", "component"];
const ALL: readonly StepName[] = [...WITHOUT_SERVERS, "integration"];

/** A fork: what it changes in a fresh copy, and the checks that it must pass afterwards. */
interface Fork {
  change: (project: string) => unknown;
  steps: readonly StepName[];
}

/** The check must not depend on a developer's own settings. */
function environment(): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR", "CI", "CHROMIUM_PATH", "PATHEXT", "SystemRoot", "TEMP", "APPDATA"];
  const values = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(values), NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1" };
}

function run(project: string, command: string): Promise<string> {
  const npm = { npm_config_prefer_offline: "true", npm_config_audit: "false", npm_config_fund: "false" };
  // A recipe's command is a line for a shell, which `runIn` starts by itself on Windows.
  return runIn(project, process.platform === "win32" ? [command] : ["sh", "-c", command], { ...environment(), ...npm });
}

/** Recipes with a check of their own. The others can all be in one project. */
const SINGLE_RECIPES = ["OIDC sign-in", "Passwords", "A setting"];

function follow(isMeant: (heading: string) => boolean) {
  return async (project: string) => {
    const recipes = [...readRecipes(readFileSync("docs/recipes.md", "utf8"))].filter(([heading]) => isMeant(heading));
    if (recipes.length === 0) throw new Error("docs/recipes.md has no such recipe");
    const steps = recipes.flatMap((recipe) => recipe[1]);
    for (const command of applyRecipe(project, steps)) await run(project, command);
  };
}

function write(project: string, path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  // A copy's own file, whatever it was a link to.
  rmSync(join(project, path), { force: true });
  writeFileSync(join(project, path), text);
}

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 24"><rect width="120" height="24" rx="4" fill="#0f766e"/></svg>\n`;

const OTHER_SITE = `export const site: Site = {
  name: "Nordlicht",
  description: "Prüfen Sie mit Ihrem Sonar-Konto, ob Sie teilnehmen können.",
  locale: "de",
  logo: { src: "/nordlicht.svg", width: 120, height: 24 },
  accent: { light: "#0f766e", dark: "#5eead4" },
  onAccent: { light: "#ffffff", dark: "#042f2e" },
  headline: "Werden Sie Teil von Nordlicht",
  intro: "Verbinden Sie Ihr Sonar-Konto.",
  facts: [{ title: "Ablauf", text: "Anmelden, verbinden, zahlen." }],
  token: { name: "Nordlicht", symbol: "NLT", supply: "42.000.000" },
  sale: {
    tokenDecimals: 9,
    supply: "42000",
    oversubscription: { rule: "other", text: "Wer zuerst kommt, wird zuerst bedient." },
    lockup: "Keine.",
    refund: "Nicht Angenommenes wird erstattet.",
    afterClose: "Die Token werden verteilt.",
  },
  saleTerms: [],
  navigation: [{ label: "Verbindungen", href: "/connections" }, { label: "Hilfe", href: "https://hilfe.example" }],
  footer: "Nordlicht GmbH",
  legal: [],
  contentSources: { connect: ["https://stats.example.com"], image: [], frame: [] },
};
`;

function rebrand(project: string): void {
  const file = join(project, "lib/config/site.ts");
  const [types = ""] = readFileSync(file, "utf8").split("/** This site.");
  write(project, "lib/config/site.ts", types + OTHER_SITE);
  write(project, "public/nordlicht.svg", LOGO);
}

const PAGE_WITH_PACKAGE = `import { nanoid } from "nanoid";

export const dynamic = "force-dynamic";

export default function TicketPage() {
  return <main className="p-8">{nanoid()}</main>;
}
`;

async function replaceReadme(project: string): Promise<void> {
  write(project, "README.md", "Our sale.\n");
  write(project, "app/ticket/page.tsx", PAGE_WITH_PACKAGE);
  // A version that the lock file has already, so that nothing is downloaded.
  await run(project, "npm install -E nanoid@3.3.20");
}

const FORKS: Readonly<Record<string, Fork>> = {
  oidc: { change: follow((heading) => heading === "OIDC sign-in"), steps: [...ALL, "browser"] },
  password: { change: follow((heading) => heading === "Passwords"), steps: ALL },
  settings: { change: follow((heading) => heading === "A setting"), steps: ALL },
  rebrand: { change: rebrand, steps: [...ALL, "browser"] },
  providers: { change: (project) => run(project, "npm run remove-providers"), steps: ALL },
  readme: { change: replaceReadme, steps: ALL },
  recipes: { change: follow((heading) => !SINGLE_RECIPES.includes(heading)), steps: ALL },
  sandbox: { change: (project) => run(project, "npm run remove-sandbox"), steps: WITHOUT_SERVERS },
};

/** The output of a command that fails. */
async function failureOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function timed(label: string, work: () => Promise<unknown>): Promise<string | undefined> {
  const started = Date.now();
  const failure = await failureOf(work);
  const seconds = Math.round((Date.now() - started) / 1_000);
  console.log(`${failure === undefined ? "ok    " : "FAILED"} ${label.padEnd(24)} ${seconds} s`);
  return failure;
}

async function prepare(project: string, { change }: Fork): Promise<void> {
  copyProject(project);
  await change(project);
}

/** Checks one fork in a copy, which stays if something fails. All steps are run, so that one run shows all defects. */
async function check(name: string, fork: Fork, quick: boolean): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), `fork-${name}-`));
  const project = join(folder, "app");
  const results = [await timed(`${name}: change`, () => prepare(project, fork))];
  const steps = results[0] === undefined ? fork.steps.filter((step) => !quick || QUICK.includes(step)) : [];
  for (const step of steps)
    results.push(await timed(`${name}: ${step}`, () => runIn(project, STEPS[step], environment())));
  const failures = results.filter((result) => result !== undefined);
  if (failures.length > 0) console.log(`${failures.join("\n")}\nKept: ${project}`);
  else rmSync(folder, { recursive: true, force: true });
  return failures.length === 0;
}

const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith("--"));
const unknown = names.filter((name) => !(name in FORKS));
if (unknown.length > 0)
  throw new Error(`There is no ${unknown.join(", ")}. There are: ${Object.keys(FORKS).join(", ")}.`);
let passed = true;
for (const [name, fork] of Object.entries(FORKS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  passed = (await check(name, fork, args.includes("--quick"))) && passed;
}
process.exitCode = passed ? 0 : 1;
