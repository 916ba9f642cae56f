import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { heading, runStep, type Outcome, type Step } from "./run-step";
import { readPlaywrightCounts, readVitestCounts, type Counts } from "./test-counts";

const REPORTS = "test-results";
const VITEST_REPORT = `${REPORTS}/vitest.json`;
const PLAYWRIGHT_REPORT = `${REPORTS}/playwright.json`;

function script(title: string, name: string): Step {
  return { title, command: ["npm", "run", "--silent", name] };
}

/** Next checks the types of everything that tsconfig.json includes, the tests too. */
const BUILD = script("Types and production build", "build");

const VITEST: Step = {
  title: "Unit, component, conformance and integration tests",
  command: ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${VITEST_REPORT}`],
  counts: () => readVitestCounts(VITEST_REPORT),
};

const BROWSER: Step = {
  title: "Browser tests",
  command: ["playwright", "test"],
  counts: () => readPlaywrightCounts(PLAYWRIGHT_REPORT),
  needsBuild: true,
};

/** Steps of a lane follow each other; lanes run at the same time. */
type Lane = readonly Step[];

/** The tests have the machine to themselves: what they observe must not depend on what else runs. */
const STAGES: readonly (readonly Lane[])[] = [
  [[BUILD], [script("Lint", "lint"), script("Formatting", "format:check"), script("Unused code", "unused")]],
  [[VITEST]],
  [[BROWSER]],
];

/** Every step, whatever came of those before, so that one run shows all there is to mend. */
async function runAll(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const runNext = async (step: Step, alone: boolean) => {
    const built = outcomes.some(({ title, verdict }) => title === BUILD.title && verdict === "ok");
    const skipped: Outcome = { title: step.title, verdict: "not run", seconds: 0, passed: 0, failed: 1 };
    outcomes.push(step.needsBuild && !built ? skipped : await runStep(step, alone));
  };
  for (const lanes of STAGES) {
    const runLane = async (lane: Lane) => {
      for (const step of lane) await runNext(step, lanes.length === 1);
    };
    await Promise.all(lanes.map(runLane));
  }
  return outcomes;
}

function total(outcomes: readonly Outcome[], kind: keyof Counts): number {
  return outcomes.reduce((sum, outcome) => sum + outcome[kind], 0);
}

function summarise(outcomes: readonly Outcome[]): string {
  console.log(heading("Summary"));
  for (const { title, verdict, seconds } of outcomes) {
    console.log(`${verdict.padEnd(8)} ${title} (${seconds} s)`);
  }
  return `${total(outcomes, "passed")} passed, ${total(outcomes, "failed")} failed`;
}

rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS);
const outcomes = await runAll();
const summary = summarise(outcomes);
console.log(summary);
writeFileSync(`${REPORTS}/summary.txt`, `${summary}\n`);
process.exitCode = total(outcomes, "failed") === 0 ? 0 : 1;
