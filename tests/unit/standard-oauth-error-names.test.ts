import { afterEach, expect, it } from "vitest";
import { isUnclearRefusal } from "@/lib/oauth/refresh-decisions";
import { fail } from "@/lib/result";
import { openStandardBench, type StandardBench } from "@/tests/support/oauth/standard-bench";

let bench: StandardBench | undefined;
afterEach(async () => {
  await bench?.server.close();
  bench = undefined;
});

const TYPES = ["application/json", "text/plain", "application/problem+json", "text/html; charset=utf-8", ""];
const BEARER = { "WWW-Authenticate": "Bearer" };

/** The library reads an error's name only in an answer that calls itself JSON and has no challenge. */
it.each(TYPES.flatMap((type) => [{ type }, { type, ...BEARER }]))(
  "a refresh that is refused by an error's name counts by that name, with the headers %j",
  async ({ type, ...headers }) => {
    for (const [status, error, code] of [
      [401, "invalid_client", "oauth/invalid_client"],
      [400, "temporarily_unavailable", "oauth/network_error"],
      [403, "slow_down", "oauth/network_error"],
      [400, "invalid_request", "oauth/invalid_request"],
      [400, "invalid_grant", "auth/invalid_refresh_token"],
      [403, "invalid_grant", "auth/invalid_refresh_token"],
      [400, "another_error", "auth/invalid_refresh_token"],
    ] as const) {
      bench = await openStandardBench((_request, response) => {
        response.writeHead(status, { ...(type && { "Content-Type": type }), ...headers });
        response.end(JSON.stringify({ error, error_description: "canary" }));
      });
      expect(await bench.refresh(), `${status} ${error}`).toEqual(fail(code, { status }));
      await bench.server.close();
    }
  },
);

it.each(["", "Unauthorized\n", "RBAC: access denied", '"denied"'])(
  "a refresh that is refused with the text %j, which is a gateway's, keeps the connection",
  async (text) => {
    for (const status of [400, 401]) {
      bench = await openStandardBench((_request, response) => void response.writeHead(status).end(text));
      const answer = await bench.refresh();
      expect(answer).toEqual(fail("oauth/invalid_response", { reason: "server_error", status }));
      expect(!answer.ok && isUnclearRefusal(answer.error)).toBe(true);
      await bench.server.close();
    }
  },
);
