import { usersIn } from "@/tests/support/soak/marker";

/** One request of a user and what came of it. Times in Unix milliseconds. */
export interface Answered {
  user: string;
  /** Method and path. */
  what: string;
  from: number;
  to: number;
  /** Absent: none came. */
  status?: number;
  /** Absent: an answer came. "no answer": it was waited for as long as a person may wait. */
  broken?: "cut" | "no answer";
  requestId?: string;
}

/** An answer that must never be. */
export interface WrongAnswer extends Answered {
  wrong: string;
}

/** Every answer of a soak, in figures, and those that are wrong whatever is broken. */
export class Answers {
  count = 0;
  /** Personal answers that showed their own user's data. */
  ownData = 0;
  foreignData = 0;
  digests = 0;
  readonly statuses = new Map<string, number>();
  readonly wrong: WrongAnswer[] = [];
  readonly broken: Answered[] = [];
  /** Milliseconds of each answer. */
  readonly durations: number[] = [];

  /** Enters one request, with the whole text of its answer. */
  add(answered: Answered, text: string): void {
    this.count += 1;
    const { status, broken, user } = answered;
    const kind = broken ?? String(status);
    this.statuses.set(kind, (this.statuses.get(kind) ?? 0) + 1);
    if (broken) return void this.broken.push(answered);
    this.durations.push(answered.to - answered.from);
    const shown = usersIn(text);
    if (shown.delete(user)) this.ownData += 1;
    if (shown.size > 0) {
      this.foreignData += 1;
      this.wrong.push({ ...answered, wrong: `it showed data of ${[...shown].join(", ")}` });
    }
    if (hasDigest(text)) {
      this.digests += 1;
      this.wrong.push({ ...answered, wrong: "it had a digest: the app threw" });
    }
    // 503 says that something outside is down. All others of this class are faults of the app.
    if (status !== undefined && status >= 500 && status !== 503)
      this.wrong.push({ ...answered, wrong: `it was a ${status}` });
  }
}

/** React sends the digest of an error in its own format and in a template. Next's own ones, of redirects and 404, have names. */
function hasDigest(text: string): boolean {
  return /\bdigest\\?":\\?"\d+|data-dgst="\d+/.test(text);
}
