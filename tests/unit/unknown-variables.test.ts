import { expect, test } from "vitest";
import { environmentSchema } from "@/lib/config/env-schema";
import { unknownVariables } from "@/lib/config/unknown-variables";
import { liveEnvironment } from "@/tests/support/live-environment";

const unknown = (...names: string[]) => unknownVariables(Object.fromEntries(names.map((name) => [name, "canary"])));

test.each([
  ["SALE_PAUSE", "SALE_PAUSED"],
  ["SALE_PUASED", "SALE_PAUSED"],
  ["SALE_PAUSDE", "SALE_PAUSED"],
  ["sale_paused", "SALE_PAUSED"],
  ["APP_ULR", "APP_URL"],
  ["APPURL", "APP_URL"],
  ["DATABSE_URL", "DATABASE_URL"],
  ["DATABASE_URI", "DATABASE_URL"],
  ["RPC_URL", "RPC_URLS"],
  ["TRUSTED_PROXY", "TRUSTED_PROXIES"],
  ["TOKEN_ENCRYPTION_KEYS", "TOKEN_ENCRYPTION_KEY"],
  ["RATE_PERMITS_PER_MINUTE", "RATE_PERMIT_PER_MINUTE"],
])("%s is named, and %s is what was meant", (name, meant) => {
  expect(unknown(name)).toEqual([`${name} is not a variable of this app: did you mean ${meant}?`]);
});

test("a name that begins like one of this app's is named too, without a guess", () => {
  expect(unknown("SALE_PRICE_IN_EURO")).toEqual([
    "SALE_PRICE_IN_EURO is not a variable of this app, so it has no effect.",
  ]);
});

test("nothing is said of this app's own variables, of empty ones and of other programs'", () => {
  expect(unknownVariables({ ...liveEnvironment, SALE_PAUSE: " " })).toEqual([]);
  expect(unknown(...Object.keys(environmentSchema.shape))).toEqual([]);
  const others = ["PATH", "HOME", "HOST", "PWD", "SHORT", "TERM", "LOGNAME", "NODE_PATH", "VERCEL_URL", "VERCEL_ENV"];
  expect(unknown(...others, "DATABASE_URL_UNPOOLED", "PGHOST", "PGSSLCERT", "OTEL_TRACES_EXPORTER")).toEqual([]);
});
