import "server-only";
import { z } from "zod";
import { optional, text, time } from "@/lib/http/wire";
import { httpCall } from "@/lib/oauth/http-call";
import { standardOAuth } from "@/lib/oauth/standard-oauth";
import { credential, defineProvider, serverOrigin } from "@/lib/providers/definition";
import { ENTRY_LIMITS } from "@/lib/providers/interact-limits";

const user = z.object({ id: text, name: text.catch(""), email: optional(z.string()) });

const entry = z.object({
  title: z.string().trim().min(1).max(ENTRY_LIMITS.title),
  text: z.string().trim().max(ENTRY_LIMITS.text),
});

/** Interact has stored the entry, whatever it tells of it: after a failure, the user would send it twice. */
const storedEntry = z.object({
  id: optional(text),
  title: optional(text),
  text: optional(text),
  created_at: optional(time),
});

/** Interact. The guide names its scopes but no endpoint: these two calls are assumptions (providers.md 2.3). */
export const interact = defineProvider({
  id: "interact",
  name: "Interact",
  variables: {
    INTERACT_CLIENT_ID: credential("clientId"),
    INTERACT_CLIENT_SECRET: credential("clientSecret"),
    INTERACT_URL: serverOrigin("https://api.interact.com", "origin"),
  },
  setUp: (read) => ({
    ...standardOAuth({
      issuer: read("INTERACT_URL"),
      endpoints: {
        authorization: `${read("INTERACT_URL")}/oauth/authorize`,
        token: `${read("INTERACT_URL")}/oauth/token`,
      },
      authorizeOrigins: [read("INTERACT_URL")],
      clientId: read("INTERACT_CLIENT_ID"),
      clientSecret: read("INTERACT_CLIENT_SECRET"),
      clientAuth: "post",
      tokenBody: "json",
      // Its guide names no PKCE. A server ignores what it does not know (RFC 6749 section 3.1); one that knows it refuses another's code.
      pkce: true,
      scopes: ["read_user", "write_data"],
    }),
    calls: {
      readUser: httpCall({
        input: z.object({}),
        output: user,
        request: () => ({ url: new URL("/user", read("INTERACT_URL")) }),
      }),
      writeData: httpCall({
        input: entry,
        output: storedEntry,
        request: (body) => ({ method: "POST", url: new URL("/data", read("INTERACT_URL")), body }),
      }),
    },
  }),
});
