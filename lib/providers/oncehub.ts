import "server-only";
import { z } from "zod";
import { count, flag, listAnswer, optional, rows, text, time } from "@/lib/http/wire";
import { httpCall } from "@/lib/oauth/http-call";
import { standardOAuth } from "@/lib/oauth/standard-oauth";
import { credential, defineProvider, serverOrigin } from "@/lib/providers/definition";

const bookingId = z.string().regex(/^[\w-]{1,100}$/);

const page = z
  .object({
    limit: z.number().int().min(1).max(100).default(10),
    after: bookingId.optional(),
    before: bookingId.optional(),
  })
  .refine(({ after, before }) => after === undefined || before === undefined);

const bookings = listAnswer({
  object: z.literal("list").nullish(),
  // Only a booking without an id is left out: paging needs the id of the last one.
  data: rows(
    "bookings",
    z.object({
      id: text,
      subject: optional(text),
      // Any word: a status that OnceHub adds is shown as it is. A longer text is no status, and would make the page wide.
      status: text.pipe(z.string().min(1).max(40)).catch("unknown"),
      starting_time: optional(time),
      duration_minutes: optional(count()),
    }),
  ),
  has_more: flag.catch(false),
});

/** A page of a user's bookings. */
export type BookingPage = z.infer<typeof bookings>;

function bookingsUrl(apiUrl: string, query: z.infer<typeof page>): URL {
  const url = new URL("/v2/bookings", apiUrl);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

/** OnceHub, scheduling. The OAuth addresses are the guide's; bookings are OnceHub's documented API. */
export const oncehub = defineProvider({
  id: "oncehub",
  name: "OnceHub",
  variables: {
    ONCEHUB_CLIENT_ID: credential("clientId"),
    ONCEHUB_CLIENT_SECRET: credential("clientSecret"),
    ONCEHUB_APP_URL: serverOrigin("https://app.oncehub.com", "origin"),
    ONCEHUB_API_URL: serverOrigin("https://api.oncehub.com", "origin"),
  },
  setUp: (read) => ({
    ...standardOAuth({
      issuer: read("ONCEHUB_APP_URL"),
      endpoints: {
        authorization: `${read("ONCEHUB_APP_URL")}/oauth/authorize`,
        token: `${read("ONCEHUB_APP_URL")}/oauth/token`,
      },
      authorizeOrigins: [read("ONCEHUB_APP_URL")],
      clientId: read("ONCEHUB_CLIENT_ID"),
      clientSecret: read("ONCEHUB_CLIENT_SECRET"),
      clientAuth: "post",
      tokenBody: "json",
      // Its guide names no PKCE. A server ignores what it does not know (RFC 6749 section 3.1); one that knows it refuses another's code.
      pkce: true,
      scopes: [],
    }),
    calls: {
      listBookings: httpCall({
        input: page,
        output: bookings,
        request: (query) => ({ url: bookingsUrl(read("ONCEHUB_API_URL"), query) }),
      }),
    },
  }),
});
