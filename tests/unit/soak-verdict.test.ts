import { describe, expect, it } from "vitest";
import { memoryFigures, type MemorySample } from "@/tests/support/soak/resident-memory";
import { problemsOf, reuseCause, type SoakFacts } from "@/tests/support/soak/verdict";
import type { Attempt, Family } from "@/tests/support/soak/upstream-record";
import type { UserFacts } from "@/tests/support/soak/user";

const START = Date.UTC(2026, 0, 1);

/** Seconds after the start. */
const at = (seconds: number) => START + seconds * 1_000;

function user(changes: Partial<UserFacts> = {}): UserFacts {
  return { name: "u1", losses: [], signedOut: [], failures: [], done: {}, final: "ok", ...changes };
}

function family(changes: Partial<Family> = {}): Family {
  return { user: "u1", connectedAt: START, attempts: [], unauthorized: [], ...changes };
}

function attempt(changes: Partial<Attempt> = {}): Attempt {
  return { instance: "one", at: at(100), outcome: "rotated", answer: "sent", ...changes };
}

/** A token that `first` has used up comes again at 110 seconds, from another instance. */
function reused(first: Attempt): Family {
  const second = attempt({ instance: "two", at: at(110), outcome: "refused" });
  return family({ attempts: [first, second], end: { reason: "reuse", at: at(110), first, second } });
}

/** One sample a second, with the megabytes of a moment in seconds. */
function memory(seconds: number, mb: (second: number) => number): MemorySample[] {
  return Array.from({ length: seconds }, (_, second) => ({ at: at(second), mb: mb(second) }));
}

function instance(changes: Partial<SoakFacts["instances"][number]> = {}): SoakFacts["instances"][number] {
  return { name: "one", startedAt: START, pauses: [], memory: memory(600, () => 250), ...changes };
}

function facts(changes: Partial<SoakFacts> = {}): SoakFacts {
  return {
    users: [user()],
    families: [family()],
    instances: [instance(), instance({ name: "two" })],
    faults: [],
    wrongAnswers: [],
    brokenAnswers: [],
    largestRead: 2_000_000,
    logs: { notJson: [], withUserData: 0, unexplained: [] },
    leftovers: { "leases that nobody ends": 0 },
    ...changes,
  };
}

const loss = { lastGoodAt: at(90), at: at(120), told: "auth/invalid_refresh_token", kept: false };
const broken = { user: "u1", what: "GET /", from: at(50), to: at(51) };
const failed = { user: "u1", action: "getProfile", from: at(50), at: at(51), code: "api/network_error" };

it("a soak in which nothing is wrong passes", () => {
  expect(problemsOf(facts())).toEqual([]);
});

describe("a user", () => {
  it("whose last call failed is stuck", () => {
    expect(problemsOf(facts({ users: [user({ final: "api/network_error" })] }))).toEqual([
      expect.stringMatching("stuck"),
    ]);
    expect(problemsOf(facts({ users: [{ ...user(), final: undefined }] }))).toHaveLength(1);
  });

  it("who is told to connect again for no reason that the upstream knows is wronged", () => {
    const users = [user({ losses: [loss] })];
    expect(problemsOf(facts({ users }))).toEqual([expect.stringMatching(/u1 was told .* upstream knows no reason/)]);
    const ended = (seconds: number) => [family({ end: { reason: "withdrawn", at: at(seconds) } })];
    expect(problemsOf(facts({ users, families: ended(100) }))).toEqual([]);
    expect(problemsOf(facts({ users, families: ended(130) })), "it ended only later").toHaveLength(1);
    expect(problemsOf(facts({ users, families: ended(10) })), "that one was over long before").toHaveLength(1);
    const others = ended(100).map((one) => ({ ...one, user: "u2" }));
    expect(problemsOf(facts({ users, families: others })), "that was somebody else's").toHaveLength(1);
  });

  it("to whom connecting is only offered needs a refusal by the API", () => {
    const users = [user({ losses: [{ ...loss, kept: true, told: "api/unauthorized" }] })];
    expect(problemsOf(facts({ users }))).toHaveLength(1);
    expect(problemsOf(facts({ users, families: [family({ unauthorized: [at(110)] })] }))).toEqual([]);
  });

  it("is signed out by nobody", () => {
    expect(problemsOf(facts({ users: [user({ signedOut: [at(5)] })] }))).toEqual([expect.stringMatching("signed out")]);
  });

  it("sees no failure while nothing is broken", () => {
    const users = [user({ failures: [failed] })];
    expect(problemsOf(facts({ users }))).toEqual([expect.stringMatching("without a fault")]);
    expect(problemsOf(facts({ users, faults: [{ lane: "upstream", kind: "cut", from: at(40), to: at(45) }] }))).toEqual(
      [],
    );
    expect(
      problemsOf(facts({ users, faults: [{ lane: "upstream", kind: "cut", from: at(10), to: at(20) }] })),
    ).toHaveLength(1);
  });
});

describe("a refresh token that is used twice", () => {
  it.each([
    ["after an answer that was lost on purpose", attempt({ answer: "lost-on-purpose" }), {}, "lost on purpose"],
    [
      "after the end of the process",
      attempt(),
      { end: { how: "killed", at: at(101), exitCode: null } },
      "process killed",
    ],
    ["after a pause of the process", attempt(), { pauses: [{ from: at(101), to: at(111) }] }, "process paused"],
    [
      "although its new tokens were in use",
      attempt({ usedAt: at(102) }),
      { pauses: [{ from: at(101), to: at(111) }] },
      "none",
    ],
    ["after an orderly end", attempt(), { end: { how: "told to end", at: at(101), exitCode: 0 } }, "none"],
    ["after a pause that was over", attempt(), { pauses: [{ from: at(80), to: at(90) }] }, "none"],
    ["after an end that came later", attempt(), { end: { how: "killed", at: at(120), exitCode: null } }, "none"],
    ["for no reason", attempt(), {}, "none"],
  ] as const)("%s", (_case, first, life, cause) => {
    const one = reused(first);
    const instances = [instance({ ...life, pauses: "pauses" in life ? [...life.pauses] : [] })];
    expect(one.end?.reason === "reuse" && reuseCause(one.end, instances)).toBe(cause);
    const problems = problemsOf(facts({ families: [one], instances }));
    expect(problems).toEqual(cause === "none" ? [expect.stringMatching(/used twice.*one at .*then two at/)] : []);
  });

  it("is one that the upstream must know", () => {
    const families = [family({ end: { reason: "unknown", at: at(9) } })];
    expect(problemsOf(facts({ families }))).toEqual([expect.stringMatching("does not know")]);
  });
});

describe("an answer", () => {
  it("that is wrong is never excused", () => {
    const wrongAnswers = [{ ...broken, status: 200, requestId: "r1", wrong: "it showed data of u2" }];
    const faults = [{ lane: "database", kind: "outage", from: at(0) } as const];
    expect(problemsOf(facts({ wrongAnswers, faults }))).toEqual([expect.stringMatching(/r1.*data of u2/)]);
  });

  it.each([
    ["cut", "instance", 0],
    ["cut", "database", 1],
    ["cut", "upstream", 1],
    ["no answer", "instance", 0],
    ["no answer", "database", 0],
    ["no answer", "upstream", 1],
  ] as const)("that does not come (%s) while the %s is broken makes %i problems", (how, lane, count) => {
    const brokenAnswers = [{ ...broken, broken: how }];
    expect(problemsOf(facts({ brokenAnswers, faults: [{ lane, kind: "", from: at(49), to: at(50) }] }))).toHaveLength(
      count,
    );
    expect(problemsOf(facts({ brokenAnswers }))).toHaveLength(1);
  });
});

describe("a process", () => {
  it.each([
    ["that stays as it is", memory(600, () => 300), 0],
    ["that fills its caches in the first minute", memory(600, (second) => (second < 60 ? 150 : 300)), 0],
    ["that grows", memory(600, (second) => 200 + second / 5), 1],
    ["that lives too briefly to say", memory(400, (second) => 200 + second / 2), 0],
    ["that is large", memory(600, (second) => (second === 300 ? 451 : 300)), 1],
  ])("%s", (_case, samples, count) => {
    expect(problemsOf(facts({ instances: [instance({ memory: samples })] }))).toHaveLength(count);
  });

  it("that dies by itself is a problem", () => {
    const end = { how: "died", at: at(30), exitCode: 134 } as const;
    expect(problemsOf(facts({ instances: [instance({ end })] }))).toEqual([expect.stringMatching("exit code 134")]);
  });

  it("has figures without its first minute", () => {
    const figures = memoryFigures(
      memory(600, (second) => (second < 60 ? 900 : 200)),
      START,
    );
    expect(figures).toEqual({ largest: 900, halves: { first: 200, second: 200 } });
  });
});

it.each([
  ["a line that is no JSON", { logs: { ...facts().logs, notJson: ["one: Error"] } }],
  ["data of a user in the log", { logs: { ...facts().logs, withUserData: 1 } }],
  ["an alarm that nothing explains", { logs: { ...facts().logs, unexplained: ["one: {}"] } }],
  ["a row that should be gone", { leftovers: { "leases that nobody ends": 1 } }],
  ["a body of 400 MB that is read", { largestRead: 400_000_000 }],
])("%s is a problem", (_case, changes) => {
  expect(problemsOf(facts(changes))).toHaveLength(1);
});
