import "server-only";
import { z } from "zod";
import type { SampleValues } from "@/lib/config/env-schema";

/** The variables of a fork, checked with all others at start-up and by `npm run check-env`. */
export const ownSettings = z.object({});

/** Their values, as `getEnv().own`. */
export type OwnSettings = z.infer<typeof ownSettings>;

/** Stand-ins for variables that are not set, in the sandbox and in tests: one for each required variable. */
export const ownSamples: SampleValues<typeof ownSettings> = {};

/** Selects those that browsers may know, as `publicSettings(getEnv()).own`. */
export function publicOwnSettings(_own: OwnSettings) {
  return {};
}
