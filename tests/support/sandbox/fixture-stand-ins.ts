import { sandboxClient } from "@/lib/config/sandbox";
import { AnswerError, json } from "@/sandbox/http/answer";
import { callerOf, type ProviderSpec } from "@/sandbox/standard/provider";
import { startProvider, type StandIn } from "@/sandbox/standard/serve";
import type { ProviderFacts } from "@/tests/support/sandbox/provider-visitor";

/** The two kinds of a stand-in, which are no provider of the project: a fork may have dropped all of those. */
export const FIXTURE_IDS = ["plain", "split"] as const;

export type FixtureId = (typeof FIXTURE_IDS)[number];

const AUTHORIZE_PATH = "/oauth/authorize";

const KINDS = {
  plain: { tokenBodies: ["json", "form"], pkce: "none", scopes: {}, partialScopes: false },
  split: {
    tokenBodies: ["form"],
    pkce: "required",
    scopes: { openid: "Know that it is you", email: "See your email address" },
    partialScopes: true,
  },
} as const;

/** The path of their only call, which answers with the account's id. */
export const FIXTURE_CALL = "/me";

/** The facts that an app knows of them. */
export const FIXTURE_FACTS: Readonly<Record<FixtureId, ProviderFacts>> = {
  plain: { authorizePath: AUTHORIZE_PATH, pkce: false, json: true },
  split: { authorizePath: AUTHORIZE_PATH, pkce: true, json: false, scope: "openid email" },
};

function standIn(id: FixtureId, name: string): StandIn {
  const errorBody = (status: number) => ({ error: `status ${status}` });
  const spec: ProviderSpec = {
    id,
    name,
    ...sandboxClient(id),
    ...KINDS[id],
    authorizePath: AUTHORIZE_PATH,
    accounts: [{ id: "ada", name: "Ada Lovelace", description: "The only account" }],
    errorBody,
  };
  return {
    name,
    start: (options) =>
      startProvider(spec, options, (provider) => [
        {
          method: "GET",
          path: FIXTURE_CALL,
          area: "api",
          handle: (request) => {
            const caller = callerOf(provider, request);
            if (!caller) throw new AnswerError("invalid_token", json(errorBody(401), 401));
            return json({ id: caller.accountId });
          },
        },
      ]),
  };
}

/** In place of `sandbox/providers/stand-ins.ts`. */
export const standIns: Readonly<Record<FixtureId, StandIn>> = {
  plain: standIn("plain", "Plain"),
  split: standIn("split", "Split"),
};
