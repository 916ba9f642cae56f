import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { readPlaywrightCounts, readVitestCounts, type Counts } from "./test-counts";

const REPORTS = "test-results";
const VITEST_REPORT = `${REPORTS}/vitest.json`;
const PLAYWRIGHT_REPORT = `${REPORTS}/playwright.json`;

interface Step {
  title: string;
  command: readonly [program: string, ...args: string[]];
  /** Where the step counts single tests; absent: it passes or fails as a whole. */
  counts?: () => Counts;
  /** Without the production build there is nothing to learn from this step. */
  needsBuild?: true;
}

const BUILD = "Production build";

const STEPS: readonly Step[] = [
  { title: "Formatting", command: ["npm", "run", "--silent", "format:check"] },
  { title: "Lint", command: ["npm", "run", "--silent", "lint"] },
  { title: "Types", command: ["npm", "run", "--silent", "typecheck"] },
  { title: "Unused code", command: ["npm", "run", "--silent", "unused"] },
  { title: BUILD, command: ["npm", "run", "--silent", "build"] },
  {
    title: "Unit, component and integration tests",
    command: ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${VITEST_REPORT}`],
    counts: () => readVitestCounts(VITEST_REPORT),
  },
  {
    title: "Browser tests",
    command: ["playwright", "test"],
    counts: () => readPlaywrightCounts(PLAYWRIGHT_REPORT),
    needsBuild: true,
  },
];

interface Outcome extends Counts {
  title: string;
  verdict: "ok" | "FAILED" | "not run";
  seconds: number;
}

function heading(title: string): void {
  console.log(`\n=== ${title} ${"=".repeat(Math.max(3, 70 - title.length))}`);
}

function run({ title, command: [program, ...args], counts }: Step): Outcome {
  heading(title);
  const started = Date.now();
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  const { status } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"], env });
  const seconds = Math.round((Date.now() - started) / 1_000);
  const { passed, failed } = counts?.() ?? { passed: 0, failed: 0 };
  // A step can also fail with every test green (an unhandled rejection, say); that must not read "0 failed".
  return status === 0
    ? { title, verdict: "ok", seconds, passed, failed }
    : { title, verdict: "FAILED", seconds, passed, failed: Math.max(failed, 1) };
}

/** Every step, whatever came of those before, so that one run shows all there is to mend. */
function runAll(): Outcome[] {
  const outcomes: Outcome[] = [];
  for (const step of STEPS) {
    const buildFailed = outcomes.some(({ title, verdict }) => title === BUILD && verdict === "FAILED");
    const skipped = step.needsBuild && buildFailed;
    outcomes.push(skipped ? { title: step.title, verdict: "not run", seconds: 0, passed: 0, failed: 1 } : run(step));
  }
  return outcomes;
}

function total(outcomes: readonly Outcome[], kind: keyof Counts): number {
  return outcomes.reduce((sum, outcome) => sum + outcome[kind], 0);
}

function summarise(outcomes: readonly Outcome[]): string {
  heading("Summary");
  for (const { title, verdict, seconds } of outcomes) {
    console.log(`${verdict.padEnd(8)} ${title} (${seconds} s)`);
  }
  return `${total(outcomes, "passed")} passed, ${total(outcomes, "failed")} failed`;
}

rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS);
const outcomes = runAll();
const summary = summarise(outcomes);
console.log(summary);
writeFileSync(`${REPORTS}/summary.txt`, `${summary}\n`);
process.exitCode = total(outcomes, "failed") === 0 ? 0 : 1;
