import { existsSync, readFileSync } from "node:fs";
import { posix, relative } from "node:path";

/** The numbers of tests that passed and failed. */
export interface Counts {
  passed: number;
  failed: number;
}

/** The time that the tests of one file took. */
export interface FileTime {
  file: string;
  seconds: number;
}

/** The result of a run of Vitest or Playwright. */
export interface TestReport extends Counts {
  times: readonly FileTime[];
}

/** A run of the browser tests: which of them failed, each as "file:line › title". */
export interface BrowserReport extends TestReport {
  failures: readonly string[];
  /** Every test was run, and nothing failed outside of a test. */
  complete: boolean;
}

/** The browser tests after the second run of those that failed in the first. */
export interface BrowserVerdict extends Counts {
  /** These failed first and then passed, alone. */
  flaky: readonly string[];
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: readonly { name: string; startTime: number; endTime: number }[];
}

interface PlaywrightTest {
  status: "expected" | "unexpected" | "flaky" | "skipped";
  expectedStatus: string;
  results: readonly { duration: number }[];
}

interface PlaywrightSuite {
  title: string;
  file: string;
  suites?: readonly PlaywrightSuite[];
  specs: readonly { title: string; line: number; tests: readonly PlaywrightTest[] }[];
}

interface PlaywrightReport {
  config: { rootDir: string };
  errors: readonly unknown[];
  suites: readonly PlaywrightSuite[];
}

/** More failures than this have one cause, which a second run would only hide or repeat. */
const REPEAT_LIMIT = 10;

/** Reads a report of Vitest's JSON reporter; absent when the run ended before it was written. */
export function readVitestReport(path: string): TestReport | undefined {
  if (!existsSync(path)) return undefined;
  const report: VitestReport = JSON.parse(readFileSync(path, "utf8"));
  const times = report.testResults.map(({ name, startTime, endTime }) => ({
    file: relative(process.cwd(), name),
    seconds: (endTime - startTime) / 1_000,
  }));
  return { passed: report.numPassedTests, failed: report.numFailedTests, times };
}

interface RunTest extends PlaywrightTest {
  file: string;
  place: string;
}

function testsOf(suite: PlaywrightSuite, file: string, titles: readonly string[] = []): RunTest[] {
  const own = suite.specs.flatMap(({ title, line, tests }) =>
    tests.map((test) => ({ ...test, file, place: [`${file}:${line}`, ...titles, title].join(" › ") })),
  );
  const below = suite.suites?.flatMap((child) => testsOf(child, file, [...titles, child.title])) ?? [];
  return [...own, ...below];
}

/** Reads a report of Playwright's JSON reporter; absent when the run ended before it was written. */
export function readPlaywrightReport(path: string): BrowserReport | undefined {
  if (!existsSync(path)) return undefined;
  const { config, errors, suites }: PlaywrightReport = JSON.parse(readFileSync(path, "utf8"));
  const folder = relative(process.cwd(), config.rootDir);
  const files = suites.map((suite) => testsOf(suite, posix.join(folder, suite.file)));
  const tests = files.flat();
  const failures = tests.filter(({ status }) => status === "unexpected").map(({ place }) => place);
  const times = files.map((own, index) => ({
    file: own[0]?.file ?? suites[index]?.file ?? "",
    seconds: own.flatMap(({ results }) => results).reduce((sum, { duration }) => sum + duration, 0) / 1_000,
  }));
  return {
    passed: tests.filter(({ status }) => status === "expected" || status === "flaky").length,
    failed: failures.length,
    failures,
    // Playwright calls a test that it did not get to "skipped" too.
    complete:
      errors.length === 0 && tests.every((test) => test.status !== "skipped" || test.expectedStatus === "skipped"),
    times,
  };
}

/** The reason not to run failed browser tests once more; undefined when they should be. */
export function objectionToRepeating(report: BrowserReport | undefined): string | undefined {
  if (!report) return "The browser tests ended without a report, so no test is run again.";
  if (!report.complete) return "The browser tests failed as a whole, so no test is run again.";
  if (report.failed === 0) return "No single browser test failed, so no test is run again.";
  if (report.failed > REPEAT_LIMIT)
    return `${report.failed} browser tests failed, too many to be chance, so none is run again.`;
  return undefined;
}

/** Judges the browser tests by both runs. A test that the second run did not reach keeps its failure. */
export function judgeBrowserTests(
  first: BrowserReport,
  second: BrowserReport | undefined,
  secondSucceeded: boolean,
): BrowserVerdict {
  const unchanged = { passed: first.passed, failed: first.failed, flaky: [] };
  if (!second?.complete || second.passed + second.failed !== first.failed) return unchanged;
  // Every test passed and the run failed all the same: the cause is not in a test.
  if (second.failed === 0 && !secondSucceeded) return unchanged;
  const flaky = first.failures.filter((place) => !second.failures.includes(place));
  return { passed: first.passed + flaky.length, failed: first.failed - flaky.length, flaky };
}

/** The slowest test files, the slowest first. */
export function slowestFiles(reports: readonly (TestReport | undefined)[], count: number): FileTime[] {
  const times = reports.flatMap((report) => report?.times ?? []);
  return times.toSorted((a, b) => b.seconds - a.seconds).slice(0, count);
}
