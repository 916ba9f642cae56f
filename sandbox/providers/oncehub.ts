import { randomUUID } from "node:crypto";
import { json, AnswerError, type Answer } from "../http/answer";
import type { SandboxRequest } from "../http/request";
import { callerOf, type Provider, type ProviderOptions, type ProviderSpec } from "../standard/provider";
import { sandboxClient } from "../../lib/config/sandbox";
import { startProvider, type RunningProvider } from "../standard/serve";

/** The error types that OnceHub documents, by status. */
function typeOf(status: number): string {
  if (status === 401) return "authentication_error";
  if (status === 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "api_error";
}

/** The body of an error in OnceHub's form. */
function onceHubErrorBody(status: number, message = "sandbox fault", param?: string): object {
  return { type: typeOf(status), message, ...(param !== undefined && { param }) };
}

/** Thrown by the API; becomes an answer in OnceHub's form. Its 401 has no challenge. */
class OnceHubError extends AnswerError {
  constructor(status: number, message: string, param?: string) {
    super(message, json(onceHubErrorBody(status, message, param), status));
    this.name = "OnceHubError";
  }
}

const WINDOW_MS = 1_000;
const MOST = 5;

/** OnceHub's documented limit: five requests per second for each account. */
class RateLimit {
  private readonly times = new Map<string, number[]>();

  /** Counts a request at `now` (milliseconds); false if it exceeds the limit. */
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

/** A booking in OnceHub's documented form (the fields that a list shows). */
export interface Booking {
  object: "booking";
  id: string;
  subject: string;
  status: "requested" | "scheduled" | "rescheduled" | "completed" | "canceled" | "no_show";
  creation_time: string;
  starting_time: string;
  last_updated_time: string;
  duration_minutes: number;
  owner: string;
}

const SUBJECTS = [
  "Introduction call",
  "Portfolio review",
  "Onboarding",
  "Follow-up",
  "Due diligence",
  "Demo of the product",
];
const STATUSES = ["scheduled", "completed", "rescheduled", "canceled", "requested", "no_show"] as const;
const LENGTHS = [30, 45, 60];
const HOUR = 3_600_000;
const FIRST = Date.UTC(2026, 11, 18, 15);

function pick<T>(list: readonly [T, ...T[]] | readonly T[], index: number, fallback: T): T {
  return list[index % list.length] ?? fallback;
}

function makeBooking(index: number): Booking {
  const starts = FIRST - index * 31 * HOUR;
  const made = new Date(starts - 96 * HOUR).toISOString();
  return {
    object: "booking",
    id: `BKNG-${String(4_000 - index).padStart(8, "0")}`,
    subject: pick(SUBJECTS, index, "Call"),
    status: pick(STATUSES, index, "scheduled"),
    creation_time: made,
    starting_time: new Date(starts).toISOString(),
    last_updated_time: made,
    duration_minutes: pick(LENGTHS, index, 30),
    owner: "USR-00000001",
  };
}

/** As many bookings as asked for, always the same ones, latest first. */
function makeBookings(count: number): Booking[] {
  return Array.from({ length: count }, (_, index) => makeBooking(index));
}

/** The bookings of each account. */
const BOOKINGS: Readonly<Record<string, readonly Booking[]>> = { ada: makeBookings(23), grace: [] };

const KNOWN = ["limit", "after", "before"];

/** GET /v2/bookings (providers.md 2.2). Throws OnceHubError. */
function listBookings(provider: Provider, rates: RateLimit, request: SandboxRequest): Answer {
  const caller = callerOf(provider, request);
  if (!caller) throw new OnceHubError(401, "Invalid access token.");
  if (!rates.take(caller.accountId, provider.now())) throw new OnceHubError(429, "Too many requests.");
  const page = pageOf(BOOKINGS[caller.accountId] ?? [], request.query);
  const headers = { "request-id": randomUUID(), ...(page.link !== "" && { link: page.link }) };
  return json({ object: "list", data: page.data, has_more: page.hasMore }, 200, headers);
}

function pageOf(all: readonly Booking[], query: URLSearchParams): { data: Booking[]; hasMore: boolean; link: string } {
  const unknown = [...query.keys()].find((name) => !KNOWN.includes(name) || query.getAll(name).length > 1);
  if (unknown !== undefined) throw new OnceHubError(400, "Unknown or repeated parameter.", unknown);
  const limit = limitOf(query.get("limit") ?? "10");
  const [after, before] = [query.get("after"), query.get("before")];
  if (after !== null && before !== null) throw new OnceHubError(400, "Give after or before, not both.", "before");
  const end = before === null ? undefined : positionOf(all, before, "before");
  const start =
    end === undefined ? (after === null ? 0 : positionOf(all, after, "after") + 1) : Math.max(0, end - limit);
  const data = all.slice(start, end ?? start + limit);
  const hasMore = end === undefined ? start + limit < all.length : start > 0;
  return {
    data,
    hasMore,
    link: linkOf(data, limit, { isFirst: start === 0, isLast: start + data.length >= all.length }),
  };
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (!/^\d{1,3}$/.test(text) || limit < 1 || limit > 100)
    throw new OnceHubError(400, "Must be from 1 to 100.", "limit");
  return limit;
}

function positionOf(all: readonly Booking[], id: string, param: string): number {
  const index = all.findIndex((booking) => booking.id === id);
  if (index === -1) throw new OnceHubError(400, "There is no such booking.", param);
  return index;
}

function linkOf(data: readonly Booking[], limit: number, at: { isFirst: boolean; isLast: boolean }): string {
  const [first, last] = [data[0], data.at(-1)];
  const links = [
    ...(last && !at.isLast ? [`</v2/bookings?limit=${limit}&after=${last.id}>; rel="next"`] : []),
    ...(first && !at.isFirst ? [`</v2/bookings?limit=${limit}&before=${first.id}>; rel="previous"`] : []),
  ];
  return links.join(", ");
}

const SPEC: ProviderSpec = {
  id: "oncehub",
  name: "OnceHub",
  ...sandboxClient("oncehub"),
  authorizePath: "/oauth/authorize",
  tokenBodies: ["json", "form"],
  pkce: "optional",
  scopes: {},
  partialScopes: false,
  accounts: [
    { id: "ada", name: "Ada Lovelace", description: "23 bookings" },
    { id: "grace", name: "Grace Hopper", description: "No bookings yet" },
  ],
  errorBody: (status) => onceHubErrorBody(status),
};

/** Starts OnceHub: login pages, tokens and the bookings API on one origin. */
export function startOnceHub(options: ProviderOptions): Promise<RunningProvider> {
  return startProvider(SPEC, options, (provider) => {
    const rates = new RateLimit();
    provider.onReset.push(() => rates.clear());
    return [
      { method: "GET", path: "/v2/bookings", area: "api", handle: (request) => listBookings(provider, rates, request) },
    ];
  });
}
