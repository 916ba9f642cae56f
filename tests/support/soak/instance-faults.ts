import { setTimeout as sleep } from "node:timers/promises";
import { randomChoice, randomInteger } from "@/tests/support/seeded-random";
import type { FaultLog } from "@/tests/support/soak/fault-log";
import type { Fleet } from "@/tests/support/soak/fleet";
import { shuffled } from "@/tests/support/soak/upstream-faults";

type Random = () => number;
type Instance = ReturnType<Fleet["running"]>[number];

/** The first two instances live as long as the soak, so that their memory can be judged. They are only paused. */
const STEADY = 2;

function victim(fleet: Fleet, random: Random): Instance | undefined {
  const [first, ...others] = fleet.running().slice(STEADY);
  return first && randomChoice(random, [first, ...others]);
}

async function kill(fleet: Fleet, random: Random): Promise<void> {
  if (!victim(fleet, random)) await fleet.start();
  const instance = victim(fleet, random);
  if (instance) await fleet.kill(instance);
  await fleet.start();
}

/** Longer than the lease of a refresh, which is 6 seconds. */
async function pause(fleet: Fleet, random: Random): Promise<void> {
  const [first, ...others] = fleet.running();
  if (first) await fleet.pause(randomChoice(random, [first, ...others]), randomInteger(random, 8_000, 12_000));
}

async function rollOut(fleet: Fleet, random: Random): Promise<void> {
  const instance = victim(fleet, random);
  await fleet.start();
  if (instance) await fleet.tellToEnd(instance);
}

async function scaleDown(fleet: Fleet, random: Random): Promise<void> {
  const instance = victim(fleet, random);
  if (instance) await fleet.tellToEnd(instance);
}

async function scaleUp(fleet: Fleet): Promise<void> {
  if (fleet.running().length < MOST) await fleet.start();
}

const MOST = 4;

const BREAKS: Readonly<Record<string, (fleet: Fleet, random: Random) => Promise<void>>> = {
  killed: kill,
  paused: pause,
  "rolled out": rollOut,
  "one less": scaleDown,
  "one more": scaleUp,
};

interface InstanceLane {
  fleet: Fleet;
  log: FaultLog;
  random: Random;
  isOver(): boolean;
}

/** Kills, pauses, replaces, removes and adds instances until the soak is over. */
export async function breakInstances({ fleet, log, random, isOver }: InstanceLane): Promise<void> {
  for (;;) {
    for (const [kind, run] of shuffled(random, Object.entries(BREAKS))) {
      await sleep(randomInteger(random, 6_000, 14_000));
      if (isOver()) return;
      const ended = log.begin("instance", kind);
      await run(fleet, random);
      ended();
    }
  }
}
