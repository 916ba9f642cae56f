import { existsSync, readFileSync } from "node:fs";

/** How many tests passed and failed. */
export interface Counts {
  passed: number;
  failed: number;
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number };
}

const NOTHING: Counts = { passed: 0, failed: 0 };

/** The counts in a report of Vitest's JSON reporter; zeros when the run ended before it was written. */
export function readVitestCounts(file: string): Counts {
  if (!existsSync(file)) return NOTHING;
  const { numPassedTests, numFailedTests }: VitestReport = JSON.parse(readFileSync(file, "utf8"));
  return { passed: numPassedTests, failed: numFailedTests };
}

/** The counts in a report of Playwright's JSON reporter; zeros when the run ended before it was written. */
export function readPlaywrightCounts(file: string): Counts {
  if (!existsSync(file)) return NOTHING;
  const { stats }: PlaywrightReport = JSON.parse(readFileSync(file, "utf8"));
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected };
}
