import "server-only";
import { withTimeout } from "@/lib/http/deadline";
import { processGlobal } from "@/lib/http/process-global";

/** What the database can do. */
export interface DatabaseState {
  /** Sessions can be read, so that a page can be shown. */
  readable: boolean;
  /** It also has every migration and can be written, so that all of the app works. */
  ready: boolean;
}

/** Between the beginnings of two probes, and the age up to which an answer counts (milliseconds). */
const INTERVAL_MS = 1_000;

/** The same with a margin, because a timer may fire a little early (milliseconds). */
const TICK_MS = INTERVAL_MS + 5;

/** A probe that takes longer has failed (milliseconds). A connection may have to be made first. */
const LIMIT_MS = 1_500;

/** The same while the database has just answered: with the interval, an outage shows within two seconds (milliseconds). */
const HOT_LIMIT_MS = 900;

/**
 * Pages are refused once nothing was read for this long, and what must be stored once nothing was written: a database that is only slow does both
 * (milliseconds).
 */
const SILENCE_MS = 4_000;

/** The same while this process has too much to do to hear an answer: its own crowd is no outage (milliseconds). */
const BUSY_SILENCE_MS = 10_000;

/** A process that was busy for this share of a probe's time has not listened. One that waits for its database is idle. */
const BUSY_LOAD = 0.95;

/** A measure over less time says nothing: what asks for it is busy itself (milliseconds). */
const SHORTEST_MEASURE_MS = 500;

/** Probes that may hang at the same time: each holds one of the pool's connections. */
const MOST_UNANSWERED = 2;

/** Probes continue for this long after somebody has asked, so that the next one need not wait (milliseconds). */
const INTEREST_MS = 60_000;

/** No answer in time. */
const SILENT: DatabaseState = { readable: false, ready: false };

/** What a good answer of a probe is worth while statements fail. */
const NOT_WRITABLE: DatabaseState = { readable: true, ready: false };

/** It was read, and has not answered a write in time. */
const WRITE_SILENT: DatabaseState = { readable: true, ready: false };

/** The clock and the timers of a watch. */
export interface WatchTimers {
  /** Milliseconds of a clock that is never set. */
  now(): number;
  /** Runs something later; absent on a serverless host, where a process is frozen between requests. */
  later?(run: () => void, ms: number): void;
  /** Pages do not wait for a new answer if the database was read this lately (milliseconds). */
  trustedMs: number;
  /** Begins to measure this process: the share of the time since then in which it was busy, 0 to 1. */
  measureLoad?(): () => number;
  /** Called when the database is ready again, or no more. */
  onChange?(ready: boolean): void;
  /** Called when an answer is missing because this process was busy. */
  onBusy?(): void;
}

/** Asks the database for its state. It calls `onRead` once something was read, which counts at once: a write may have to wait. It must not reject. */
export type DatabaseProbe = (onRead: () => void) => Promise<DatabaseState>;

/**
 * The state of the database, from memory: it is asked at most once a second, whoever and however many want to know, and once more when a connection
 * fails.
 */
export class DatabaseWatch {
  private latest: { state: DatabaseState; at: number } | undefined;
  /** What the database has last said itself. */
  private heard: DatabaseState = SILENT;
  /** Measures since the last probe began. */
  private load: () => number = () => 0;
  /** The last probe has had no answer in time, and this process was too busy to hear one. */
  private busy = false;
  private pending: Promise<DatabaseState> | undefined;
  private startedAt = -Infinity;
  private readAt = -Infinity;
  private goodAt = -Infinity;
  /** When the first probe began that has written nothing; undefined while the last one has. */
  private unwrittenSince: number | undefined;
  private askedAt = -Infinity;
  private outageUntil = -Infinity;
  /** The probes that have not even read. */
  private readonly unanswered = new Set<Promise<unknown>>();
  private isTicking = false;
  private wasReady = true;

  constructor(
    private readonly probe: DatabaseProbe,
    private readonly timers: WatchTimers,
  ) {}

  /** True if the app can work: for load balancers. It waits for an answer if the known one is older than a second. */
  async ready(): Promise<boolean> {
    this.keepAsking();
    const state = this.fresh() ?? (await (this.begin() ?? this.pending)) ?? this.silence(false);
    return state.ready;
  }

  /**
   * False if the database refuses, or has not answered for four seconds. While it is known to answer, nobody waits. `keepAlive` receives a
   * probe that runs on after the answer.
   */
  async canRead(keepAlive: (work: Promise<unknown>) => void = () => undefined): Promise<boolean> {
    this.keepAsking();
    const giveUpAt = Math.max(this.readAt + SILENCE_MS, this.timers.now() + LIMIT_MS);
    for (;;) {
      const state = this.fresh();
      if (state && state !== SILENT) return state.readable;
      const pending = this.begin() ?? this.pending;
      const trustedMs = Math.max(this.timers.trustedMs, this.busy ? BUSY_SILENCE_MS : 0);
      if (!state && this.timers.now() - this.readAt <= trustedMs) {
        if (pending) keepAlive(pending);
        return true;
      }
      // Of probes that hang, a late answer counts too.
      const left = (pending && !state ? giveUpAt : this.readAt + SILENCE_MS) - this.timers.now();
      if (left <= 0) return false;
      await withTimeout(left, Promise.race([...(pending ? [pending] : []), ...this.unanswered]));
    }
  }

  /**
   * The same for what should begin only if its end can be stored. A database that is slow, or of which nothing is known yet, counts as one
   * that can, until it was read for four seconds in which nothing was written.
   */
  async canStore(keepAlive?: (work: Promise<unknown>) => void): Promise<boolean> {
    if (!(await this.canRead(keepAlive))) return false;
    // Whatever the last probe tells: each write that waits keeps a connection from the reads, and those from telling anything.
    if (this.unwrittenSince !== undefined && this.readAt - this.unwrittenSince > SILENCE_MS) return false;
    // Reading is trusted while a new answer is under way, and so is this.
    const state = this.latest?.state;
    return state === WRITE_SILENT || !state?.readable || state.ready;
  }

  /**
   * A statement has met an outage, which counts for `forMs` (milliseconds) whatever probes tell meanwhile: a full disk refuses only what needs
   * room, and connections of before and after a fail-over differ.
   */
  outageMet(forMs: number = INTERVAL_MS): void {
    this.outageUntil = Math.max(this.outageUntil, this.timers.now() + forMs);
    this.keepAsking();
    if (this.latest?.state.ready) this.learn(NOT_WRITABLE, this.latest.at);
  }

  /**
   * A statement got no connection, or no answer on the one that it had: the server is gone, or it has closed this one only. What is known is
   * out of date, and a new probe tells. A database that is known to be gone is asked no sooner.
   */
  connectionFailed(): void {
    this.keepAsking();
    if (!this.latest?.state.readable) return;
    this.latest = { ...this.latest, at: -Infinity };
    this.startedAt = -Infinity;
    // A probe would be frozen on a serverless host: there, the next one who asks begins it.
    if (this.timers.later) void this.begin();
  }

  private fresh(): DatabaseState | undefined {
    return this.latest && this.timers.now() - this.latest.at <= INTERVAL_MS ? this.latest.state : undefined;
  }

  /** Begins a probe, unless one is under way, the last one is too young, or too many hang. */
  private begin(): Promise<DatabaseState> | undefined {
    const now = this.timers.now();
    if (this.pending || now - this.startedAt < INTERVAL_MS || this.unanswered.size >= MOST_UNANSWERED) return undefined;
    const limit = now - this.goodAt < LIMIT_MS ? HOT_LIMIT_MS : LIMIT_MS;
    this.startedAt = now;
    this.unwrittenSince ??= now;
    this.load = this.timers.measureLoad?.() ?? this.load;
    const { answer, word, hasRead } = this.ask();
    this.unanswered.add(word);
    void word.then(() => this.unanswered.delete(word));
    this.pending = withTimeout(limit, answer).then((state) => this.record(state, now, hasRead()));
    return this.pending;
  }

  /** Asks now. `word` is the first that is heard of it: that something was read, or the answer. */
  private ask() {
    let isRead = false;
    let onRead: () => void = () => undefined;
    const read = new Promise<void>((resolve) => {
      onRead = () => {
        if (isRead) return;
        [isRead, this.readAt] = [true, this.timers.now()];
        this.endSilence();
        resolve();
      };
    });
    const answer = this.probe(onRead).then((state) => {
      if (state.readable) onRead();
      return this.answered(state);
    });
    return { answer, word: Promise.race([read, answer]), hasRead: () => isRead };
  }

  private answered(state: DatabaseState): DatabaseState {
    this.endSilence();
    if (state.readable) this.heard = state;
    if (state.ready) this.unwrittenSince = undefined;
    return state;
  }

  /** Every answer, in time or late, ends what is known of a silence: the database may have come back. */
  private endSilence(): void {
    if (this.latest?.state === SILENT) this.latest = undefined;
  }

  /**
   * What a missing answer to a probe means: of a process that had no time to hear it, nothing new, unless that lasts. If something was read, only the
   * write is missing: the commits of a server wait for its standby, and if that is gone, all of them do.
   */
  private silence(hasRead: boolean): DatabaseState {
    const now = this.timers.now();
    this.busy = now - this.startedAt >= SHORTEST_MEASURE_MS && this.load() >= BUSY_LOAD;
    if (!this.busy || now - this.readAt > BUSY_SILENCE_MS) return hasRead ? WRITE_SILENT : SILENT;
    this.timers.onBusy?.();
    return this.heard;
  }

  private record(state: DatabaseState | undefined, startedAt: number, hasRead: boolean): DatabaseState {
    this.pending = undefined;
    if (state?.ready) this.goodAt = startedAt;
    // Late, only a good answer is the database's own word: a bad one can be this process's own time limit.
    if (state) [this.heard, this.busy] = [state, false];
    const met = state ?? this.silence(hasRead);
    const known = met.ready && startedAt < this.outageUntil ? NOT_WRITABLE : met;
    // A good answer is as old as its question: the database can have failed right after it.
    return this.learn(known, state && known.ready ? startedAt : this.timers.now());
  }

  private learn(state: DatabaseState, at: number): DatabaseState {
    this.latest = { state, at };
    if (state.ready !== this.wasReady) this.timers.onChange?.(state.ready);
    this.wasReady = state.ready;
    return state;
  }

  private keepAsking(): void {
    this.askedAt = this.timers.now();
    if (this.isTicking || !this.timers.later) return;
    this.isTicking = true;
    this.timers.later(() => this.tick(), TICK_MS);
  }

  private tick(): void {
    void this.begin();
    this.isTicking = this.timers.now() - this.askedAt < INTEREST_MS;
    if (this.isTicking) this.timers.later?.(() => this.tick(), TICK_MS);
  }
}

interface Slot {
  watch?: DatabaseWatch;
}

function slot(): Slot {
  return processGlobal<Slot>("database-watch", () => ({}));
}

/** This process's watch; absent until the server has started. `proxy.ts` reads it here, and so needs no database of its own. */
export function databaseWatch(): DatabaseWatch | undefined {
  return slot().watch;
}

/** This process's watch, which `make` makes at the first call. */
export function openDatabaseWatch(make: () => DatabaseWatch): DatabaseWatch {
  return (slot().watch ??= make());
}
