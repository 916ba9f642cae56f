import { cpus, loadavg } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { FaultLog } from "@/tests/support/soak/fault-log";

const EVERY_MS = 1_000;

/** Processes that wait for each processor, beyond which the machine is overloaded. */
const MOST_LOAD = 2;

/** The machine of a soak, which other programs may use too. */
export class Machine {
  /** Seconds in which it was overloaded. */
  overloadedSeconds = 0;
  private endOverload: (() => void) | undefined;
  private readonly delay = monitorEventLoopDelay({ resolution: 20 });
  private readonly timer = setInterval(() => this.look(), EVERY_MS);

  constructor(private readonly log: FaultLog) {
    this.delay.enable();
  }

  /** How late this process itself was, at most and at the 99th percentile (milliseconds): it must not be what is measured. */
  ownDelay(): { percentile99: number; most: number } {
    return { percentile99: this.delay.percentile(99) / 1e6, most: this.delay.max / 1e6 };
  }

  close(): void {
    clearInterval(this.timer);
    this.delay.disable();
    this.endOverload?.();
  }

  private look(): void {
    const [load = 0] = loadavg();
    const isOverloaded = load > MOST_LOAD * cpus().length;
    if (isOverloaded) this.overloadedSeconds += EVERY_MS / 1_000;
    if (isOverloaded) this.endOverload ??= this.log.begin("machine", "overloaded by others");
    else if (this.endOverload) {
      this.endOverload();
      this.endOverload = undefined;
    }
  }
}
