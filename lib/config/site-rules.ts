import "server-only";
import { z } from "zod";
import type { EnvProblem } from "@/lib/config/env-schema";
import type { Site } from "@/lib/config/site";
import { parseDecimal } from "@/lib/sale/money";

const words = z.string().trim().min(1, "is empty");

const colour = z.string().regex(/^#[0-9a-f]{6}$/i, "must be a colour like #3450d2");

const colours = z.object({ light: colour, dark: colour });

/** One slash at the beginning: two would lead to another host. */
const path = z.string().regex(/^\/(?![/\\])/, "must be a path like /terms");

function isAddress(value: string): boolean {
  return URL.canParse(value) && /^(https:\/\/|mailto:\S+@)/.test(value);
}

const href = z
  .string()
  .refine(
    (value) => path.safeParse(value).success || isAddress(value),
    "must be a path like /terms, or an https or mailto address",
  );

const links = z.array(z.object({ label: words, href }));

/** The sources of a policy. Anything but an origin, such as a semicolon, could add a directive. */
function sources(schemes: string) {
  const origin = new RegExp(`^(${schemes})://(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)*(:\\d{1,5})?$`, "i");
  return z.array(z.string().regex(origin, "must be an origin like https://example.com, without a path"));
}

const amount = z
  .string()
  .refine((value) => (parseDecimal(value, 18) ?? 0n) > 0n, "must be a decimal number above zero, such as 0.0215");

const saleRules = z.object({
  price: amount.optional(),
  tokenDecimals: z.int().min(0).max(36),
  supply: amount,
  minimum: amount.optional(),
  maximum: amount.optional(),
  target: amount.optional(),
  cap: amount.optional(),
  oversubscription: z.object({ text: words }),
  lockup: words,
  refund: words,
  afterClose: words,
});

const siteRules = z.object({
  name: words,
  description: words,
  locale: z.string().refine(isLanguageTag, "must be a language like en or pt-BR"),
  logo: z.object({ src: path, width: z.number().positive(), height: z.number().positive() }).optional(),
  accent: colours,
  onAccent: colours,
  sale: saleRules,
  navigation: links,
  legal: links,
  consent: z
    .object({
      by: z.enum(["press", "checkbox"]),
      version: words.max(64, "is too long"),
      statement: words,
      documents: links,
    })
    .optional(),
  supportUrl: z.string().refine(isAddress, "must be an https or mailto address").optional(),
  contentSources: z.object({ connect: sources("https|wss"), image: sources("https"), frame: sources("https") }),
});

function isLanguageTag(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value)[0] === value;
  } catch {
    return false;
  }
}

/** The values of `lib/config/site.ts` that would break a page or its policy, reported like those of the environment. */
export function siteProblems(site: Site): EnvProblem[] {
  const issues = siteRules.safeParse(site).error?.issues ?? [];
  return issues.map(({ path: place, message }) => ({
    variable: ["site", ...place].join("."),
    problem: `(lib/config/site.ts) ${message}`,
  }));
}
