import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  judgeTests,
  objectionToRepeating,
  readPlaywrightReport,
  readVitestReport,
  slowestFiles,
  type TestReport,
} from "@/scripts/test-reports";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const folder = temporaryFolder();
afterAll(folder.remove);

function reportFile(report: unknown): string {
  const path = join(folder.path, `${randomUUID()}.json`);
  writeFileSync(path, JSON.stringify(report));
  return path;
}

type Status = "expected" | "unexpected" | "skipped";

function browserReport(statuses: Readonly<Record<string, Status>>, errors: readonly unknown[] = []): TestReport {
  const specs = Object.entries(statuses).map(([title, status]) => ({
    title,
    line: 7,
    tests: [{ status, expectedStatus: "passed", results: [{ duration: 1_500 }] }],
  }));
  const file = "theme.test.ts";
  const suites = [{ title: file, file, specs: [], suites: [{ title: "the theme", file, specs }] }];
  const path = reportFile({ config: { rootDir: resolve("tests/e2e") }, errors, suites });
  const report = readPlaywrightReport(path);
  if (!report) throw new Error("The report was not read.");
  return report;
}

/** So many failed tests. */
function failures(count: number): Record<string, Status> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`test ${index}`, "unexpected"]));
}

describe("a report of the browser tests", () => {
  it("counts tests, names those that failed, and adds up the time of a file", () => {
    expect(browserReport({ "is dark": "expected", "is light": "unexpected" })).toEqual({
      passed: 1,
      failed: 1,
      passes: ["tests/e2e/theme.test.ts:7 › the theme › is dark"],
      failures: ["tests/e2e/theme.test.ts:7 › the theme › is light"],
      failedFiles: ["tests/e2e/theme.test.ts"],
      complete: true,
      times: [{ file: "tests/e2e/theme.test.ts", seconds: 3 }],
    });
  });

  it("is incomplete when a test was not reached, or when something failed outside of the tests", () => {
    expect(browserReport({ "is dark": "unexpected", "is light": "skipped" }).complete).toBe(false);
    expect(browserReport({ "is dark": "unexpected" }, [{ message: "no browser" }]).complete).toBe(false);
  });

  it("is absent when the run ended before it was written", () => {
    expect(readPlaywrightReport(join(folder.path, "none.json"))).toBeUndefined();
    expect(readVitestReport(join(folder.path, "none.json"))).toBeUndefined();
  });
});

interface VitestFile {
  file: string;
  status: "passed" | "failed";
  tests: Readonly<Record<string, "passed" | "failed" | "skipped">>;
}

function vitestReport(files: readonly VitestFile[]): TestReport {
  const statuses = files.flatMap(({ tests }) => Object.values(tests));
  const path = reportFile({
    numPassedTests: statuses.filter((status) => status === "passed").length,
    testResults: files.map(({ file, status, tests }) => ({
      ...{ name: resolve(file), status, startTime: 1_000, endTime: 3_000 },
      assertionResults: Object.entries(tests).map(([fullName, result]) => ({ fullName, status: result })),
    })),
  });
  const report = readVitestReport(path);
  if (!report) throw new Error("The report was not read.");
  return report;
}

const GREEN = { file: "tests/unit/a.test.ts", status: "passed", tests: { one: "passed", two: "passed" } } as const;
const RED = { file: "tests/unit/b.test.ts", status: "failed", tests: { three: "failed", four: "passed" } } as const;
/** A file whose hook failed: none of its tests was run. */
const HOOK = { file: "tests/unit/c.test.ts", status: "failed", tests: { five: "skipped" } } as const;

describe("a report of the other tests", () => {
  it("counts tests, and names those that failed and their files", () => {
    const { passed, failed, failures, failedFiles } = vitestReport([GREEN, RED]);
    expect({ passed, failed, failures, failedFiles }).toEqual({
      passed: 3,
      failed: 1,
      failures: ["tests/unit/b.test.ts › three"],
      failedFiles: ["tests/unit/b.test.ts"],
    });
  });

  it("counts a file that failed outside of its tests", () => {
    expect(vitestReport([GREEN, HOOK])).toMatchObject({ failed: 1, failures: ["tests/unit/c.test.ts"] });
  });

  it("is judged by the second run, a test and a file alike", () => {
    const first = vitestReport([GREEN, RED, HOOK]);
    const passed = [
      { ...RED, status: "passed", tests: { three: "passed", four: "passed" } },
      { ...HOOK, status: "passed", tests: { five: "passed" } },
    ] as const;
    expect(judgeTests(first, vitestReport(passed), true)).toEqual({ passed: 5, failed: 0, flaky: first.failures });
    expect(judgeTests(first, vitestReport([RED, passed[1]]), false)).toMatchObject({
      failed: 1,
      flaky: ["tests/unit/c.test.ts"],
    });
    expect(judgeTests(first, vitestReport([RED, HOOK]), false)).toMatchObject({ failed: 2, flaky: [] });
  });
});

describe("failed tests", () => {
  it("are run once more when they are few", () => {
    expect(objectionToRepeating(browserReport({ a: "expected", b: "unexpected" }))).toBeUndefined();
    expect(objectionToRepeating(browserReport(failures(10)))).toBeUndefined();
  });

  it("are not run again when they are many: that is no coincidence", () => {
    expect(objectionToRepeating(browserReport(failures(11)))).toMatch("11 tests failed");
  });

  it("are not run again when the run as a whole failed", () => {
    expect(objectionToRepeating(undefined)).toMatch("without a report");
    expect(objectionToRepeating(browserReport({ a: "expected" }))).toMatch("No single test failed");
    expect(objectionToRepeating(browserReport({ a: "unexpected", b: "skipped" }))).toMatch("as a whole");
    expect(objectionToRepeating(browserReport({ a: "unexpected" }, [{ message: "no browser" }]))).toMatch("as a whole");
  });
});

describe("the verdict after a second run", () => {
  const first = browserReport({ a: "expected", b: "unexpected", c: "unexpected" });
  const unchanged = { passed: 1, failed: 2, flaky: [] };

  it("is green, and names the flaky tests, when all of them pass", () => {
    const second = browserReport({ b: "expected", c: "expected" });
    expect(judgeTests(first, second, true)).toEqual({ passed: 3, failed: 0, flaky: first.failures });
  });

  it("stays red for those that fail again", () => {
    const second = browserReport({ b: "expected", c: "unexpected" });
    expect(judgeTests(first, second, false)).toEqual({
      passed: 2,
      failed: 1,
      flaky: ["tests/e2e/theme.test.ts:7 › the theme › b"],
    });
  });

  it("stays red when all of them fail again", () => {
    const second = browserReport({ b: "unexpected", c: "unexpected" });
    expect(judgeTests(first, second, false)).toEqual(unchanged);
  });

  it("stays red for a test that the second run did not have", () => {
    expect(judgeTests(first, browserReport({ b: "expected" }), true)).toMatchObject({ passed: 2, failed: 1 });
  });

  it("stays red when the second run has no report, did not reach every test, or failed as a whole", () => {
    expect(judgeTests(first, undefined, false)).toEqual(unchanged);
    expect(judgeTests(first, browserReport({ b: "expected", c: "skipped" }), true)).toEqual(unchanged);
    expect(judgeTests(first, browserReport({ b: "expected", c: "expected" }), false)).toEqual(unchanged);
  });
});

describe("the slowest test files", () => {
  it("are named over all reports, the slowest first", () => {
    const reports = [
      vitestReport([{ ...GREEN, file: "tests/integration/stores.test.ts" }]),
      browserReport({ "is dark": "expected" }),
      undefined,
    ];
    expect(slowestFiles(reports, 2)).toEqual([
      { file: "tests/integration/stores.test.ts", seconds: 2 },
      { file: "tests/e2e/theme.test.ts", seconds: 1.5 },
    ]);
  });
});
