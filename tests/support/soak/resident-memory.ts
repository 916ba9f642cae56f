import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

/** Resident memory of a process at a time. */
export interface MemorySample {
  /** Unix time in milliseconds. */
  at: number;
  mb: number;
}

const run = promisify(execFile);
const EVERY_MS = 1_000;

/** Where there is no /proc, `ps` tells; starting it each second would cost more than one wants. Megabytes; undefined if the process is gone. */
async function residentMb(pid: number): Promise<number | undefined> {
  if (process.platform === "linux") {
    try {
      const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
      return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
    } catch {
      return undefined;
    }
  }
  return run("ps", ["-o", "rss=", "-p", String(pid)]).then(
    ({ stdout }) => Number(stdout) / 1_024,
    () => undefined,
  );
}

/** Measures the resident memory of processes once a second. */
export class ResidentMemory {
  private readonly watched = new Map<number, MemorySample[]>();
  private readonly timer = setInterval(() => void this.measure(), EVERY_MS);

  /** Adds the samples of a process to `samples` from now on, while it runs. */
  watch(pid: number, samples: MemorySample[]): void {
    this.watched.set(pid, samples);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async measure(): Promise<void> {
    for (const [pid, samples] of this.watched) {
      const mb = await residentMb(pid);
      if (mb === undefined) this.watched.delete(pid);
      else samples.push({ at: Date.now(), mb });
    }
  }
}

/** The first minute of a process fills its caches. */
const WARM_UP_MS = 60_000;

/** A process that has lived less is still growing to its size: halves shorter than this say nothing (milliseconds). */
const SHORTEST_HALF_MS = 240_000;

/** What a process's samples say. */
export interface MemoryFigures {
  largest: number;
  /** The mean of both halves of its life after the warm-up; absent for a life that was too short. */
  halves?: { first: number; second: number };
}

function mean(samples: readonly MemorySample[]): number {
  return samples.reduce((sum, { mb }) => sum + mb, 0) / samples.length;
}

/** Figures of a process that started at `startedAt` (Unix milliseconds). */
export function memoryFigures(samples: readonly MemorySample[], startedAt: number): MemoryFigures {
  const largest = Math.max(0, ...samples.map(({ mb }) => mb));
  const warm = samples.filter(({ at }) => at >= startedAt + WARM_UP_MS);
  const [first, last] = [warm[0], warm.at(-1)];
  if (!first || !last || last.at - first.at < 2 * SHORTEST_HALF_MS) return { largest };
  const middle = (first.at + last.at) / 2;
  const halves = {
    first: mean(warm.filter(({ at }) => at < middle)),
    second: mean(warm.filter(({ at }) => at >= middle)),
  };
  return { largest, halves };
}
