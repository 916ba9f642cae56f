import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import {
  judgeTests,
  objectionToRepeating,
  readPlaywrightReport,
  readVitestReport,
  slowestFiles,
  type Counts,
  type TestReport,
} from "./test-reports";

const REPORTS = "test-results";
const VITEST_REPORT = `${REPORTS}/vitest.json`;
const SECOND_VITEST_REPORT = `${REPORTS}/vitest-second.json`;
const PLAYWRIGHT_REPORT = `${REPORTS}/playwright.json`;
const SECOND_PLAYWRIGHT_REPORT = `${REPORTS}/playwright-second.json`;

/** One part of the whole test run. */
interface Step {
  title: string;
  command: readonly [program: string, ...args: string[]];
  env?: Readonly<Record<string, string>>;
  /** The report with its counts of tests; absent: the step passes or fails as a whole. */
  report?: () => TestReport | undefined;
  /** The step that runs once more and alone what failed. */
  again?: (failed: TestReport) => Step;
  /** The step is skipped when there is no production build. */
  needsBuild?: true;
}

/** The result of a step. */
interface Outcome extends Counts {
  title: string;
  verdict: "ok" | "FAILED" | "not run";
  seconds: number;
}

function script(title: string, name: string): Step {
  return { title, command: ["npm", "run", "--silent", name] };
}

/** It checks the product's types only, so that a type error in a test does not stop a hotfix. */
const BUILD = script("Production build", "build");

/** Follows the build, because both write the types of the routes. */
const TYPES = script("Types of everything, the tests too", "typecheck");

/** One file after another. */
const vitestAgain = ({ failedFiles }: TestReport): Step => ({
  title: "Files with failed tests, once more and alone",
  command: [
    ...(["vitest", "run", ...failedFiles, "--maxWorkers=1"] as const),
    ...["--reporter=default", "--reporter=json", `--outputFile.json=${SECOND_VITEST_REPORT}`],
  ],
  report: () => readVitestReport(SECOND_VITEST_REPORT),
});

const VITEST: Step = {
  title: "Unit, component, conformance, foreign and integration tests",
  command: ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${VITEST_REPORT}`],
  report: () => readVitestReport(VITEST_REPORT),
  again: vitestAgain,
};

/** One test after another. Reports and pictures of the first run stay. */
const BROWSER_AGAIN: Step = {
  title: "Failed browser tests, once more and alone",
  command: [
    ...(["playwright", "test", "--last-failed", `--last-failed-file=${REPORTS}/e2e/.last-run.json`] as const),
    ...["--workers=1", `--output=${REPORTS}/e2e-second`],
  ],
  env: { PLAYWRIGHT_JSON_OUTPUT_FILE: SECOND_PLAYWRIGHT_REPORT },
  report: () => readPlaywrightReport(SECOND_PLAYWRIGHT_REPORT),
};

const BROWSER: Step = {
  title: "Browser tests",
  command: ["playwright", "test"],
  env: { PLAYWRIGHT_JSON_OUTPUT_FILE: PLAYWRIGHT_REPORT },
  report: () => readPlaywrightReport(PLAYWRIGHT_REPORT),
  again: () => BROWSER_AGAIN,
  needsBuild: true,
};

/** Steps of a lane follow each other; lanes run at the same time. */
type Lane = readonly Step[];

/** The tests have the machine to themselves: what they observe must not depend on what else runs. */
const STAGES: readonly (readonly Lane[])[] = [
  [
    [BUILD, TYPES],
    [script("Lint", "lint"), script("Formatting", "format:check"), script("Unused code", "unused")],
  ],
  [[VITEST]],
  // A fork that has removed the sandbox has no browser tests until it writes its own.
  existsSync("tests/e2e") ? [[BROWSER]] : [],
];

/** The line that sets the output of one step apart from that before. */
function heading(title: string): string {
  return `\n=== ${title} ${"=".repeat(Math.max(3, 70 - title.length))}`;
}

function outcomeOf({ title, report }: Step, exitCode: number | null, seconds: number): Outcome {
  const { passed, failed } = report?.() ?? { passed: 0, failed: 0 };
  // A step can also fail with every test green (an unhandled rejection, say); that must not read "0 failed".
  return exitCode === 0
    ? { title, verdict: "ok", seconds, passed, failed }
    : { title, verdict: "FAILED", seconds, passed, failed: Math.max(failed, 1) };
}

/** Runs a step. `alone`: it prints as it goes; else, beside others, all at its end, so that their lines do not mix. */
function runStep(step: Step, alone: boolean): Promise<Outcome> {
  const [program, ...args] = step.command;
  const started = Date.now();
  const output: Buffer[] = [];
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...step.env };
  if (alone) console.log(heading(step.title));
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", alone ? "inherit" : "pipe", alone ? "inherit" : "pipe"],
      env,
    });
    child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => output.push(chunk));
    child.once("error", reject).once("close", (exitCode) => {
      if (!alone) console.log(`${heading(step.title)}\n${Buffer.concat(output).toString("utf8")}`);
      resolve(outcomeOf(step, exitCode, Math.round((Date.now() - started) / 1_000)));
    });
  });
}

/** Runs every step, even after one that failed, so that one run shows all defects. */
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

/** The tests that no second run made green, and those that one did. */
interface Reds {
  failures: readonly string[];
  flaky: readonly string[];
}

/** Runs the failed tests of a step once more, and corrects the step's outcome by those that then pass. Nothing is ever run a third time. */
async function repeatFailed({ title, report, again }: Step, outcomes: Outcome[]): Promise<Reds> {
  const index = outcomes.findIndex((outcome) => outcome.title === title && outcome.verdict === "FAILED");
  const outcome = outcomes[index];
  const first = outcome && report?.();
  const objection = objectionToRepeating(first);
  if (outcome && again && objection) console.log(`${title}: ${objection}`);
  if (!outcome || !first || !again || objection) return { failures: first?.failures ?? [], flaky: [] };
  const step = again(first);
  const repetition = await runStep(step, true);
  const { flaky, passed, failed } = judgeTests(first, step.report?.(), repetition.verdict === "ok");
  const seconds = outcome.seconds + repetition.seconds;
  outcomes[index] = { ...outcome, passed, failed, seconds, verdict: failed === 0 ? "ok" : "FAILED" };
  return { failures: first.failures.filter((place) => !flaky.includes(place)), flaky };
}

function total(outcomes: readonly Outcome[], kind: keyof Counts): number {
  return outcomes.reduce((sum, outcome) => sum + outcome[kind], 0);
}

function printSteps(outcomes: readonly Outcome[]): void {
  console.log(heading("Summary"));
  for (const { title, verdict, seconds } of outcomes) {
    console.log(`${verdict.padEnd(8)} ${title} (${seconds} s)`);
  }
  console.log("slowest test files");
  const reports = [readVitestReport(VITEST_REPORT), readPlaywrightReport(PLAYWRIGHT_REPORT)];
  for (const { file, seconds } of slowestFiles(reports, 10)) {
    console.log(`${seconds.toFixed(1).padStart(8)} s  ${file}`);
  }
}

rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS);
const outcomes = await runAll();
const reds = [await repeatFailed(VITEST, outcomes), await repeatFailed(BROWSER, outcomes)];
printSteps(outcomes);
const [failures, flaky] = [reds.flatMap((red) => red.failures), reds.flatMap((red) => red.flaky)];
if (flaky.length > 0) writeFileSync(`${REPORTS}/flaky.txt`, flaky.map((place) => `${place}\n`).join(""));
const closing = [
  ...(failures.length > 0 ? ["failed:", ...failures.map((place) => `  ${place}`)] : []),
  ...(flaky.length > 0
    ? ["flaky (failed, then passed alone; to be mended):", ...flaky.map((place) => `  ${place}`)]
    : []),
  `${total(outcomes, "passed")} passed, ${total(outcomes, "failed")} failed`,
].join("\n");
console.log(closing);
writeFileSync(`${REPORTS}/summary.txt`, `${closing}\n`);
process.exitCode = total(outcomes, "failed") === 0 ? 0 : 1;
