import "server-only";
import { z } from "zod";
import { isNearby } from "@/lib/config/database-url";
import { unquoted } from "@/lib/config/env-text";
import { hasUserInfo, text, urlText, USER_INFO } from "@/lib/config/env-forms";

function isHttp(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

/** True over https, and where no public network lies between: a collector is mostly a container beside the app, which has no certificate. */
function isPrivate(value: string): boolean {
  const { protocol, hostname } = new URL(value);
  return protocol === "https:" || isNearby(hostname.replace(/^\[|\]$/g, ""));
}

/** The address of a collector. A user name would be dropped silently, and what is after a `?` would end up in the middle. */
export const collectorUrl = urlText
  .refine(isHttp, "must be an http or https URL")
  .refine((value) => !hasUserInfo(value), `${USER_INFO}: put it into OTEL_EXPORTER_OTLP_HEADERS`)
  .refine((value) => !/[?#]/.test(value), "must be a URL without a query")
  .refine(
    (value) => !isHttp(value) || isPrivate(value),
    "leads to a public network without encryption: use https. Only this machine, private addresses and internal names (otel-collector, collector.internal) may do without",
  );

/** RFC 9110 section 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value.trim());
  } catch {
    return undefined;
  }
}

/** Names and values as OpenTelemetry writes them: in pairs, and values in percent form where they need it. Undefined if a pair is none. */
function readPairs(value: string, nameForm: RegExp): Record<string, string> | undefined {
  const pairs = value.split(",").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at).trim(), at < 0 ? undefined : decoded(pair.slice(at + 1))] as const;
  });
  const entries = pairs.flatMap(([name, one]) => (one && nameForm.test(name) ? [[name, one] as const] : []));
  return entries.length === pairs.length ? Object.fromEntries(entries) : undefined;
}

function pairs(nameForm: RegExp, problem: string) {
  return text
    .refine((value) => {
      const read = readPairs(value, nameForm);
      // A line break in a header's value would begin another header.
      return read !== undefined && !Object.values(read).some((one) => /[^\x20-\x7e]/.test(one));
    }, problem)
    .transform((value) => readPairs(value, nameForm) ?? {});
}

/** The headers of requests to a collector. */
export const collectorHeaders = pairs(
  HEADER_NAME,
  "must be name=value, or several such pairs separated by commas, with commas and special characters of a value in percent form",
);

/** Facts about this deployment. OpenTelemetry drops all of them if it cannot read one. */
export const resourceAttributes = pairs(
  /^[\w.-]+$/,
  "must be name=value, or several such pairs separated by commas, with special characters of a value in percent form",
).refine((read) => !Object.values(read).some((value) => value.length > 255), "has a value of more than 255 characters");

/** OpenTelemetry would take another one for its default, and record everything. */
const SAMPLERS = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;

export const tracesSampler = z.enum(SAMPLERS, `must be one of ${SAMPLERS.join(", ")}`);

// Not `text`, for which a zero is a placeholder.
export const samplerRatio = unquoted
  .refine((value) => /^(0|1|[01]?\.\d+)$/.test(value) && Number(value) <= 1, "must be a number from 0 to 1, like 0.1")
  .transform(Number);
