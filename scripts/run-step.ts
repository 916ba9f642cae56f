import { spawn } from "node:child_process";
import type { Counts } from "./test-counts";

/** One part of the whole test run. */
export interface Step {
  title: string;
  command: readonly [program: string, ...args: string[]];
  /** Where the step counts single tests; absent: it passes or fails as a whole. */
  counts?: () => Counts;
  /** Without the production build there is nothing to learn from this step. */
  needsBuild?: true;
}

/** What came of a step. */
export interface Outcome extends Counts {
  title: string;
  verdict: "ok" | "FAILED" | "not run";
  seconds: number;
}

/** The line that sets the output of one step apart from that before. */
export function heading(title: string): string {
  return `\n=== ${title} ${"=".repeat(Math.max(3, 70 - title.length))}`;
}

function outcomeOf({ title, counts }: Step, exitCode: number | null, seconds: number): Outcome {
  const { passed, failed } = counts?.() ?? { passed: 0, failed: 0 };
  // A step can also fail with every test green (an unhandled rejection, say); that must not read "0 failed".
  return exitCode === 0
    ? { title, verdict: "ok", seconds, passed, failed }
    : { title, verdict: "FAILED", seconds, passed, failed: Math.max(failed, 1) };
}

/** Runs a step. `alone`: it prints as it goes; else, beside others, all at its end, so that their lines do not mix. */
export function runStep(step: Step, alone: boolean): Promise<Outcome> {
  const [program, ...args] = step.command;
  const started = Date.now();
  const output: Buffer[] = [];
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
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
