import { expect, it, vi } from "vitest";
import type { FailureCode } from "@/lib/failures";
import type { Log, LogFields } from "@/lib/http/log";
import { logRefusal } from "@/lib/http/refusals";
import { failure } from "@/lib/result";

async function linesFor(call: string, code: FailureCode, status?: number): Promise<unknown[]> {
  const [info, warn, error] = [vi.fn<Log["info"]>(), vi.fn<Log["warn"]>(), vi.fn<Log["error"]>()];
  const request = { log: () => Promise.resolve({ info, warn, error }), network: () => Promise.resolve("hash") };
  await logRefusal(request, call, failure(code, { status }));
  const lineOf = (level: string, event: string, fields?: LogFields) =>
    [level, event, ...(fields?.network === undefined ? [] : [fields.network])].join(" ");
  return [
    ...info.mock.calls.map((line) => lineOf("info", ...line)),
    ...warn.mock.calls.map((line) => lineOf("warn", ...line)),
  ];
}

it.each<[string, FailureCode, string]>([
  ["sign-in", "request/cross_site", "warn refused.cross-site"],
  ["sign-in", "request/too_large", "warn refused.body-too-large"],
  ["sign-in", "login/too_many", "warn refused.too-many-sign-ins hash"],
  ["sign-in", "session/refused", "warn sign-in.refused"],
  ["login.callback", "login/replayed", "warn sign-in.refused"],
  ["login.callback", "login/other_browser", "warn sign-in.refused"],
  ["connect", "api/rate_limited", "warn refused.rate-limit hash"],
  ["callback", "oauth/invalid_state", "warn callback.invalid-state"],
  ["callback", "oauth/invalid_callback", "warn callback.invalid"],
  ["callback", "oauth/issuer_mismatch", "warn callback.issuer-mismatch"],
  ["callback", "session/missing", "warn callback.no-session"],
  ["getEntities", "session/missing", "info refused.no-session"],
])("of %s, %s is one line: %s", async (call, code, line) => {
  expect(await linesFor(call, code)).toEqual([line]);
});

it.each<[string, FailureCode, number | undefined]>([
  ["getEntities", "api/rate_limited", 429],
  ["sign-in", "request/unexpected", undefined],
  ["sign-in", "request/no_database", undefined],
  ["getEntities", "api/not_found", undefined],
])("of %s, %s is no refusal of this site", async (call, code, status) => {
  expect(await linesFor(call, code, status)).toEqual([]);
});
