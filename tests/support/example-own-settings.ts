import "server-only";
import { z } from "zod";
import { secureUrl, text } from "@/lib/config/env-forms";
import type { SampleValues } from "@/lib/config/env-schema";

/** The variables of a fork, checked with all others at start-up and by `npm run check-env`. */
export const ownSettings = z.object({
  LEDGER_API_KEY: text.min(20, "must have at least 20 characters").describe("from the ledger's settings page"),
  STATUS_URL: secureUrl.optional(),
  ANALYTICS_SITE: text.default("token-sale"),
});

/** Their values, as `getEnv().own`. */
export type OwnSettings = z.infer<typeof ownSettings>;

/** Stand-ins for variables that are not set, in the sandbox and in tests: one for each required variable. */
export const ownSamples: SampleValues<typeof ownSettings> = {
  LEDGER_API_KEY: "sample-key-of-the-ledger",
};

/** Selects those that browsers may know, as `publicSettings(getEnv()).own`. */
export function publicOwnSettings({ ANALYTICS_SITE }: OwnSettings) {
  return { ANALYTICS_SITE };
}
