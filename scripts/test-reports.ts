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

/** The result of a run of Vitest or Playwright. A test's place is its file (with the line, if known) and its titles. */
export interface TestReport extends Counts {
  /** The places of the tests that passed, and of those that failed. A file that failed outside of its tests is a place too. */
  passes: readonly string[];
  failures: readonly string[];
  /** The files of the failures. */
  failedFiles: readonly string[];
  /** Every test was run, and nothing failed outside of a file. */
  complete: boolean;
  times: readonly FileTime[];
}

/** A run after the second one of what failed in the first. */
export interface Verdict extends Counts {
  /** These failed first and then passed, alone. */
  flaky: readonly string[];
}

interface VitestFile {
  name: string;
  status: "passed" | "failed";
  startTime: number;
  endTime: number;
  assertionResults: readonly { fullName: string; status: string }[];
}

interface VitestReport {
  numPassedTests: number;
  testResults: readonly VitestFile[];
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

/** The places of a file's tests, by result. A file that fails in a hook or on import has no failed test. */
function placesOf({ name, status, assertionResults }: VitestFile) {
  const file = relative(process.cwd(), name);
  const places = (of: string) =>
    assertionResults.filter((test) => test.status === of).map(({ fullName }) => `${file} › ${fullName}`);
  const failures = places("failed");
  if (status === "failed" && failures.length === 0) failures.push(file);
  return { file, passes: status === "passed" ? [file, ...places("passed")] : places("passed"), failures };
}

/** Reads a report of Vitest's JSON reporter; absent when the run ended before it was written. */
export function readVitestReport(path: string): TestReport | undefined {
  if (!existsSync(path)) return undefined;
  const { numPassedTests, testResults }: VitestReport = JSON.parse(readFileSync(path, "utf8"));
  const files = testResults.map(placesOf);
  const failures = files.flatMap((file) => file.failures);
  return {
    passed: numPassedTests,
    failed: failures.length,
    passes: files.flatMap(({ passes }) => passes),
    failures,
    failedFiles: files.filter((file) => file.failures.length > 0).map(({ file }) => file),
    complete: true,
    times: testResults.map(({ name, startTime, endTime }) => ({
      file: relative(process.cwd(), name),
      seconds: (endTime - startTime) / 1_000,
    })),
  };
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
export function readPlaywrightReport(path: string): TestReport | undefined {
  if (!existsSync(path)) return undefined;
  const { config, errors, suites }: PlaywrightReport = JSON.parse(readFileSync(path, "utf8"));
  const folder = relative(process.cwd(), config.rootDir);
  const files = suites.map((suite) => testsOf(suite, posix.join(folder, suite.file)));
  const tests = files.flat();
  const failed = tests.filter(({ status }) => status === "unexpected");
  const passed = tests.filter(({ status }) => status === "expected" || status === "flaky");
  const times = files.map((own, index) => ({
    file: own[0]?.file ?? suites[index]?.file ?? "",
    seconds: own.flatMap(({ results }) => results).reduce((sum, { duration }) => sum + duration, 0) / 1_000,
  }));
  return {
    passed: passed.length,
    failed: failed.length,
    passes: passed.map(({ place }) => place),
    failures: failed.map(({ place }) => place),
    failedFiles: [...new Set(failed.map(({ file }) => file))],
    // Playwright calls a test that it did not get to "skipped" too.
    complete:
      errors.length === 0 && tests.every((test) => test.status !== "skipped" || test.expectedStatus === "skipped"),
    times,
  };
}

/** The reason not to run failed tests once more; undefined when they should be. */
export function objectionToRepeating(report: TestReport | undefined): string | undefined {
  if (!report) return "The tests ended without a report, so no test is run again.";
  if (!report.complete) return "The tests failed as a whole, so no test is run again.";
  if (report.failed === 0) return "No single test failed, so no test is run again.";
  if (report.failed > REPEAT_LIMIT)
    return `${report.failed} tests failed, too many to be chance, so none is run again.`;
  return undefined;
}

/** Judges tests by both runs. A test that the second run did not reach keeps its failure. */
export function judgeTests(first: TestReport, second: TestReport | undefined, secondSucceeded: boolean): Verdict {
  const unchanged = { passed: first.passed, failed: first.failed, flaky: [] };
  if (!second?.complete) return unchanged;
  // Every test passed and the run failed all the same: the cause is not in a test.
  if (second.failed === 0 && !secondSucceeded) return unchanged;
  const flaky = first.failures.filter((place) => second.passes.includes(place));
  return { passed: first.passed + flaky.length, failed: first.failed - flaky.length, flaky };
}

/** The slowest test files, the slowest first. */
export function slowestFiles(reports: readonly (TestReport | undefined)[], count: number): FileTime[] {
  const times = reports.flatMap((report) => report?.times ?? []);
  return times.toSorted((a, b) => b.seconds - a.seconds).slice(0, count);
}
