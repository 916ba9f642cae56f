import type { Answered, WrongAnswer } from "@/tests/support/soak/answers";
import { wasFaulty, type FaultSpan } from "@/tests/support/soak/fault-log";
import type { InstanceFacts } from "@/tests/support/soak/fleet";
import { memoryFigures } from "@/tests/support/soak/resident-memory";
import type { Attempt, Family, FamilyEnd } from "@/tests/support/soak/upstream-record";
import type { Loss, UserFacts } from "@/tests/support/soak/user";

/** What a soak has seen. */
export interface SoakFacts {
  users: readonly UserFacts[];
  families: readonly Family[];
  instances: readonly InstanceFacts[];
  faults: readonly FaultSpan[];
  wrongAnswers: readonly WrongAnswer[];
  brokenAnswers: readonly Answered[];
  /** Bytes that an instance read of a body of 400 MB, at most. */
  largestRead: number;
  logs: { notJson: readonly string[]; withUserData: number; unexplained: readonly string[] };
  /** Rows that should not be there any more, by table, and leases that nobody will end. */
  leftovers: Readonly<Record<string, number>>;
}

/** Why a refresh token was used twice: only an answer that was lost can excuse it. */
export type ReuseCause = "lost on purpose" | "process killed" | "process paused" | "none";

type Instances = SoakFacts["instances"];

/** A process that was stopped between sending a refresh and storing its tokens has lost the answer as well. */
function lostByProcess({ instance, at, usedAt }: Attempt, instances: Instances, before: number): ReuseCause {
  const found = instances.find(({ name }) => name === instance);
  if (!found || (usedAt !== undefined && usedAt < before)) return "none";
  const { end, pauses } = found;
  if (end && end.how === "killed" && end.at >= at && end.at <= before) return "process killed";
  const wasPaused = pauses.some(({ from, to = Infinity }) => to >= at && from <= before);
  return wasPaused ? "process paused" : "none";
}

/** The cause of a reuse, by the upstream's record and the lives of the processes. */
export function reuseCause({ first, at }: Extract<FamilyEnd, { reason: "reuse" }>, instances: Instances): ReuseCause {
  return first.answer === "lost-on-purpose" ? "lost on purpose" : lostByProcess(first, instances, at);
}

/** An answer of before may arrive this long after the end that it knows nothing of (milliseconds): people wait no longer. */
const LATE_PROOF_MS = 30_000;

/** The app tries an API's 401 once more, and makes no further try for 30 seconds (milliseconds). */
const REJECTION_MS = 60_000;

/** A loss needs an end that the upstream's own record confirms: after the last proof that the connection worked, and before it was told. */
function isConfirmed({ at, lastGoodAt, kept }: Loss, families: readonly Family[]): boolean {
  const wasEnded = families.some(
    ({ end }) => end && end.reason !== "unknown" && end.at <= at && end.at >= lastGoodAt - LATE_PROOF_MS,
  );
  const wasRefused = families.some(({ unauthorized }) =>
    unauthorized.some((refusedAt) => refusedAt <= at && refusedAt >= at - REJECTION_MS),
  );
  return wasEnded || (kept && wasRefused);
}

const time = (at: number) => new Date(at).toISOString().slice(11, 23);

function userProblems({ users, families }: SoakFacts): string[] {
  return users.flatMap(({ name, losses, signedOut, final }) => {
    const own = families.filter(({ user }) => user === name);
    const unconfirmed = losses.filter((loss) => !isConfirmed(loss, own));
    return [
      ...unconfirmed.map(
        ({ at, told }) => `${name} was told "${told}" at ${time(at)}, and the upstream knows no reason`,
      ),
      ...signedOut.map((at) => `${name} was signed out by nobody at ${time(at)}`),
      ...(final === "ok" ? [] : [`${name} is stuck: the last action after all faults came to "${final ?? "nothing"}"`]),
    ];
  });
}

function tell({ instance, at, outcome, answer, usedAt }: Attempt): string {
  const facts = [
    outcome ?? "under way",
    answer ?? "no answer",
    ...(usedAt === undefined ? [] : [`used at ${time(usedAt)}`]),
  ];
  return `${instance} at ${time(at)} (${facts.join(", ")})`;
}

function reuseProblems({ families, instances }: SoakFacts): string[] {
  return families.flatMap(({ user, end }) => {
    if (end?.reason === "unknown") return [`The upstream does not know a token of ${user} at ${time(end.at)}`];
    if (end?.reason !== "reuse" || reuseCause(end, instances) !== "none") return [];
    return [`A token of ${user} was used twice, and no answer was lost: ${tell(end.first)}, then ${tell(end.second)}`];
  });
}

function answerProblems({ wrongAnswers, brokenAnswers, faults }: SoakFacts): string[] {
  const unexplained = brokenAnswers.filter(({ from, to, broken }) =>
    broken === "cut"
      ? !wasFaulty(faults, { from, to }, ["instance"])
      : !wasFaulty(faults, { from, to }, ["instance", "database"]),
  );
  return [
    ...wrongAnswers.map(
      ({ user, what, to, requestId, wrong }) => `${what} of ${user} at ${time(to)} (${requestId}): ${wrong}`,
    ),
    ...unexplained.map(
      ({ user, what, from, broken }) => `${what} of ${user} at ${time(from)}: ${broken}, without a fault`,
    ),
  ];
}

/** Without any fault, nothing may fail. */
function failureProblems({ users, faults }: SoakFacts): string[] {
  const told = new Set(["sale/terms_not_accepted", "connection/not_connected", "auth/invalid_refresh_token"]);
  return users
    .flatMap(({ failures }) => failures)
    .filter(({ code, from, at }) => !told.has(code) && !wasFaulty(faults, { from, to: at }))
    .map(({ user, action, at, code }) => `${action} of ${user} failed at ${time(at)} without a fault: ${code}`);
}

const LARGEST_MB = 450;
const GROWTH = 1.1;

function memoryProblems({ instances }: SoakFacts): string[] {
  return instances.flatMap(({ name, memory, startedAt, end }) => {
    const { largest, halves } = memoryFigures(memory, startedAt);
    const grew = halves && halves.second > halves.first * GROWTH;
    return [
      ...(end?.how === "died" ? [`${name} died at ${time(end.at)}, with exit code ${end.exitCode}`] : []),
      ...(largest > LARGEST_MB ? [`${name} had ${largest.toFixed(0)} MB of resident memory`] : []),
      ...(grew ? [`${name} grew from ${halves.first.toFixed(0)} to ${halves.second.toFixed(0)} MB`] : []),
    ];
  });
}

/** The app reads a megabyte; the rest is in the buffers of two sockets. */
const MOST_READ = 16 * 2 ** 20;

function otherProblems({ logs, leftovers, largestRead }: SoakFacts): string[] {
  return [
    ...logs.notJson.map((line) => `A line of the log is no JSON: ${line}`),
    ...(logs.withUserData > 0 ? [`${logs.withUserData} lines of the log have data of a user`] : []),
    ...logs.unexplained.map((line) => `A line of level 50 without a fault that explains it: ${line}`),
    ...Object.entries(leftovers).flatMap(([table, rows]) => (rows > 0 ? [`${rows} rows were left: ${table}`] : [])),
    ...(largestRead > MOST_READ ? [`${largestRead} bytes of a body of 400 MB were read`] : []),
  ];
}

/** Everything that is wrong, in words with which it can be found in the logs; empty if the soak passed. */
export function problemsOf(facts: SoakFacts): string[] {
  return [
    ...userProblems(facts),
    ...reuseProblems(facts),
    ...answerProblems(facts),
    ...failureProblems(facts),
    ...memoryProblems(facts),
    ...otherProblems(facts),
  ];
}
