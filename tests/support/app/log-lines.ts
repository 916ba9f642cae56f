import { expect, vi } from "vitest";
import type { AppProcess } from "@/tests/support/app/app-process";

/** A line of the app's log. */
export interface LogLine {
  level: number;
  msg: string;
  requestId: string;
  session?: string;
  user?: string;
  call?: string;
  trace?: string;
  code?: string;
  errorCode?: string;
  provider?: string;
  frames?: string[];
  digest?: string;
}

/** The lines that the app has written since a moment. Throws for a line that is no JSON, or has no event. */
export function linesSince({ logs }: Pick<AppProcess, "logs">, start: number): LogLine[] {
  // What follows the last line break is empty, or a line that has not arrived as a whole.
  const lines = logs().slice(start).split("\n").slice(0, -1);
  return lines.filter((line) => line !== "").map((line) => parsed(line));
}

function isLogLine(value: unknown): value is LogLine {
  return typeof value === "object" && value !== null && "msg" in value && "level" in value && "requestId" in value;
}

function parsed(line: string): LogLine {
  const value: unknown = JSON.parse(line);
  if (!isLogLine(value)) throw new Error(`This is no line of the log: ${line}`);
  return value;
}

/**
 * The same, once there is a line about `event`: a line reaches this process after the answer that it is about may have. Lines of one process
 * keep their order, so that all earlier ones are there too.
 */
export async function linesUpTo(app: Pick<AppProcess, "logs">, start: number, event: string): Promise<LogLine[]> {
  const isThere = () => linesSince(app, start).some(({ msg }) => msg === event);
  await vi.waitFor(() => expect(isThere(), event).toBe(true), { timeout: 20_000, interval: 10 });
  return linesSince(app, start);
}
