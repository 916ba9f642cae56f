import { wasFaulty, type FaultSpan, type Lane } from "@/tests/support/soak/fault-log";
import { usersIn } from "@/tests/support/soak/marker";

/** The log of one instance since it answered. */
export interface InstanceLog {
  name: string;
  text: string;
  /** True if the instance was killed: its last line may be half of one. */
  isCut: boolean;
}

/** What the logs of all instances say. */
export interface LogFigures {
  lines: number;
  notJson: string[];
  /** Lines with data of a user. */
  withUserData: number;
  /** Lines of level 50, by event. */
  errors: Map<string, number>;
  /** Those that no fault of database or instances explains. */
  unexplained: string[];
}

interface Line {
  level: number;
  time: string;
  msg: string;
  frames?: string[];
}

function isLine(value: unknown): value is Line {
  return typeof value === "object" && value !== null && "level" in value && "time" in value && "msg" in value;
}

function read(line: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isLine(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const ERROR = 50;

/** An overloaded machine makes the database late, and nothing worse. */
function isAboutDatabase({ msg, frames = [] }: Line): boolean {
  return msg === "database.not-ready" || frames.some((frame) => /node_modules\/pg(-pool)?\//.test(frame));
}

function linesOf({ text, isCut }: InstanceLog): string[] {
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  return [...lines, ...(isCut ? [] : [last])].filter((line) => line !== "");
}

/** Reads the logs. A fault of the upstream is no reason for a line of level 50: nobody can act on it. */
export function checkLogs(logs: readonly InstanceLog[], faults: readonly FaultSpan[]): LogFigures {
  const figures: LogFigures = { lines: 0, notJson: [], withUserData: 0, errors: new Map(), unexplained: [] };
  for (const log of logs) {
    for (const text of linesOf(log)) {
      figures.lines += 1;
      if (usersIn(text).size > 0) figures.withUserData += 1;
      const line = read(text);
      if (!line) figures.notJson.push(`${log.name}: ${text}`);
      else if (line.level >= ERROR) {
        figures.errors.set(line.msg, (figures.errors.get(line.msg) ?? 0) + 1);
        const lanes: Lane[] = ["database", "instance", ...(isAboutDatabase(line) ? (["machine"] as const) : [])];
        const isExplained = wasFaulty(faults, { from: Date.parse(line.time) }, lanes);
        if (!isExplained) figures.unexplained.push(`${log.name}: ${text}`);
      }
    }
  }
  return figures;
}
