const WINDOW_MS = 1_000;
const MOST = 5;

/** OnceHub's documented limit: five requests in a second for every account. */
export class RateLimit {
  private readonly times = new Map<string, number[]>();

  /** Counts a request at `now` (milliseconds); false if it is one too many. */
  take(accountId: string, now: number): boolean {
    const recent = (this.times.get(accountId) ?? []).filter((time) => time > now - WINDOW_MS);
    if (recent.length >= MOST) return false;
    this.times.set(accountId, [...recent, now]);
    return true;
  }

  clear(): void {
    this.times.clear();
  }
}
