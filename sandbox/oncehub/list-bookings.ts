import { randomUUID } from "node:crypto";
import { json } from "../http/answer";
import type { Answer } from "../http/answer";
import type { SandboxRequest } from "../http/sandbox-request";
import { callerOf } from "../standard/bearer";
import type { Provider } from "../standard/provider";
import { makeBookings } from "./booking";
import type { Booking } from "./booking";
import { OnceHubError } from "./oncehub-error";
import type { RateLimit } from "./rate-limit";

/** Whose bookings there are. */
const BOOKINGS: Readonly<Record<string, readonly Booking[]>> = { ada: makeBookings(23), grace: [] };

const KNOWN = ["limit", "after", "before"];

/** GET /v2/bookings (providers.md 2.2). Throws OnceHubError. */
export function listBookings(provider: Provider, rates: RateLimit, request: SandboxRequest): Answer {
  const caller = callerOf(provider, request);
  if (!caller) throw new OnceHubError(401, "Invalid access token.");
  if (!rates.take(caller.accountId, provider.now())) throw new OnceHubError(429, "Too many requests.");
  const page = pageOf(BOOKINGS[caller.accountId] ?? [], request.query);
  const headers = { "request-id": randomUUID(), ...(page.link !== "" && { link: page.link }) };
  return json({ object: "list", data: page.data, has_more: page.hasMore }, 200, headers);
}

function pageOf(all: readonly Booking[], query: URLSearchParams): { data: Booking[]; hasMore: boolean; link: string } {
  const stranger = [...query.keys()].find((name) => !KNOWN.includes(name) || query.getAll(name).length > 1);
  if (stranger !== undefined) throw new OnceHubError(400, "Unknown or repeated parameter.", stranger);
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
