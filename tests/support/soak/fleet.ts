import { setTimeout as sleep } from "node:timers/promises";
import { launchApp, untilReady, type AppProcess } from "@/tests/support/app/app-process";
import { freePort } from "@/tests/support/local-server";
import { openFaultGate, type FaultGate, type GateOptions } from "@/tests/support/soak/fault-gate";
import { ResidentMemory, type MemorySample } from "@/tests/support/soak/resident-memory";

/** An instance's life, in Unix milliseconds. */
export interface InstanceFacts {
  name: string;
  startedAt: number;
  /** Absent: it runs. */
  end?: { how: "killed" | "told to end" | "died"; at: number; exitCode: number | null };
  pauses: { from: number; to?: number }[];
  /** Resident memory, about once a second. */
  memory: MemorySample[];
}

interface Instance extends InstanceFacts {
  app: AppProcess;
  gate: FaultGate;
  /** What its health check says; "gone": it accepts no connection. */
  state: "ready" | "not ready" | "gone";
  /** Absent: it is not meant to end. */
  wantedEnd?: "killed" | "told to end";
  /** The length of its output when it began to answer: only then its log begins. */
  logStart: number;
}

/** Options for the instances. */
export interface FleetOptions {
  /** The environment that all have in common. */
  env: Readonly<Record<string, string>>;
  upstream: Omit<GateOptions, "instance">;
  /** Megabytes; absent: Node's own. */
  heapMb?: number;
}

const POLL_MS = 500;

/** How often an instance is started again, and after which time (milliseconds). */
const STARTS = 10;
const RESTART_AFTER_MS = 2_000;

/** The instances of a site that share its database. */
export class Fleet {
  private readonly all: Instance[] = [];
  private readonly polls: Promise<void>[] = [];
  private isClosed = false;
  private readonly memory = new ResidentMemory();

  constructor(private readonly options: FleetOptions) {
    // A soak that fails must not leave servers behind.
    process.on("exit", () => this.running().forEach(({ app }) => app.kill("SIGKILL")));
  }

  /** Every instance of the soak so far, as it is now. */
  facts(): InstanceFacts[] {
    return this.all.map(({ name, startedAt, end, pauses, memory }) => {
      return { name, startedAt, ...(end && { end }), pauses: [...pauses], memory: [...memory] };
    });
  }

  /** The most bytes that an instance has read of a body of 400 MB. */
  largestRead(): number {
    return Math.max(0, ...this.all.map(({ gate }) => gate.largestRead()));
  }

  /** What each instance has written since it answered. */
  logs(): { name: string; text: string; isCut: boolean }[] {
    return this.all.map(({ name, app, logStart, end }) => {
      return { name, text: app.logs().slice(logStart), isCut: end?.how === "killed" };
    });
  }

  running(): Instance[] {
    return this.all.filter(({ end }) => end === undefined);
  }

  /** For the balancer: the ready instances, or all that answer if none says that it is ready, as balancers do. */
  targets(): string[] {
    const running = this.running().filter(({ state }) => state !== "gone");
    const ready = running.filter(({ state }) => state === "ready");
    // Not by name: looking it up takes time, and it has two addresses.
    return (ready.length > 0 ? ready : running).map(({ app }) => app.url.replace("localhost", "127.0.0.1"));
  }

  /** Starts one more instance, and waits until it answers. */
  async start(): Promise<void> {
    const name = `instance-${this.all.length + 1}`;
    const gate = await openFaultGate({ ...this.options.upstream, instance: name });
    const app = await this.launch(gate);
    const logStart = app.logs().length;
    const instance: Instance = {
      ...{ name, startedAt: Date.now(), pauses: [], memory: [] },
      ...{ app, gate, state: "not ready", logStart },
    };
    this.all.push(instance);
    if (app.pid !== undefined) this.memory.watch(app.pid, instance.memory);
    void app.exitCode.then((exitCode) => {
      instance.end = { how: instance.wantedEnd ?? "died", at: Date.now(), exitCode };
    });
    this.polls.push(this.poll(instance));
  }

  /** A server that does not find its database ends at its start. As every host does, this tries again. */
  private async launch(gate: FaultGate): Promise<AppProcess> {
    const { env, heapMb } = this.options;
    for (let left = STARTS; ; left -= 1) {
      const app = launchApp(await freePort(), { ...env, SONAR_API_URL: gate.origin }, heapMb);
      try {
        await untilReady(app, new URL("/api/health", app.url).href);
        return app;
      } catch (error) {
        if (left === 1) throw error;
      }
      await sleep(RESTART_AFTER_MS);
    }
  }

  /** Ends an instance at once, whatever it is doing. */
  async kill(instance: Instance): Promise<void> {
    instance.wantedEnd = "killed";
    instance.app.kill("SIGKILL");
    await instance.app.exitCode;
  }

  /** Ends an instance as a roll-out does. The balancer finds out by itself. Rejects if it does not end. */
  async tellToEnd(instance: Instance): Promise<void> {
    instance.wantedEnd = "told to end";
    instance.app.kill("SIGTERM");
    await instance.app.exitCode;
  }

  /** Stops an instance where it is, and lets it go on later. */
  async pause(instance: Instance, ms: number): Promise<void> {
    const pause: InstanceFacts["pauses"][number] = { from: Date.now() };
    instance.pauses.push(pause);
    instance.app.kill("SIGSTOP");
    await sleep(ms);
    instance.app.kill("SIGCONT");
    pause.to = Date.now();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.polls);
    this.memory.close();
    await Promise.all(
      this.running().map((instance) => {
        instance.wantedEnd = "told to end";
        return instance.app.stop();
      }),
    );
    await Promise.all(this.all.map(({ gate }) => gate.close()));
  }

  /** Each instance is asked by itself: one that hangs must not hide what becomes of another. */
  private async poll(instance: Instance): Promise<void> {
    const url = new URL("/api/health?ready", instance.app.url.replace("localhost", "127.0.0.1"));
    while (!this.isClosed && instance.end === undefined) {
      instance.state = await stateAt(url);
      await sleep(POLL_MS);
    }
  }
}

async function stateAt(url: URL): Promise<Instance["state"]> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.ok ? "ready" : "not ready";
  } catch (error) {
    return error instanceof TypeError ? "gone" : "not ready";
  }
}
