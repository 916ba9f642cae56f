import "server-only";
import type { z } from "zod";
import { issuer, origin, text } from "@/lib/config/env-forms";
import type { SandboxStandIn } from "@/lib/config/sandbox";
import type { ApiCall } from "@/lib/oauth/http-call";
import type { OAuthAdapter } from "@/lib/oauth/provider";

/** One environment variable of a provider. Without a value from anywhere, the provider is not set up. */
export interface ProviderVariable {
  schema: z.ZodType<string>;
  /** Used if the variable is not set. */
  fallback?: string;
  /** The fact of the sandbox's stand-in that is its value there. A provider without a stand-in has none. */
  inSandbox?: Exclude<keyof SandboxStandIn, "port">;
}

/** The calls that a provider offers, by name. */
export type ProviderCalls = Readonly<Record<string, ApiCall>>;

/** A provider, set up from the environment. */
export interface ProviderSetup<Calls extends ProviderCalls = ProviderCalls> {
  /** Expected `iss` of the callback (RFC 9207). */
  issuer: string;
  /** Origins of its authorize page: this site's forms are redirected there (CSP `form-action`). */
  authorizeOrigins: readonly string[];
  oauth: OAuthAdapter;
  calls: Calls;
}

/** Everything about one provider: with this in a file and a line in `lib/providers/index.ts`, it can be connected. */
export interface ProviderDefinition<
  Id extends string = string,
  Variable extends string = string,
  Calls extends ProviderCalls = ProviderCalls,
> {
  /** Part of URLs: the redirect URI is APP_URL + /oauth/callback/ + id. */
  id: Id;
  name: string;
  variables: Readonly<Record<Variable, ProviderVariable>>;
  setUp: (read: (variable: Variable) => string) => ProviderSetup<Calls>;
}

/** Infers a definition's types from its contents. */
export function defineProvider<Id extends string, Variable extends string, Calls extends ProviderCalls>(
  definition: ProviderDefinition<Id, Variable, Calls>,
): ProviderDefinition<Id, Variable, Calls> {
  return definition;
}

/** A client id or secret. It has no default; in the sandbox it is the stand-in's own. */
export function credential(inSandbox?: "clientId" | "clientSecret"): ProviderVariable {
  return { schema: text.max(512, "is too long"), inSandbox };
}

type StandInOrigin = "origin" | "pagesOrigin";

/** The origin of a provider's server. */
export function serverOrigin(fallback: string, inSandbox?: StandInOrigin): ProviderVariable {
  return { schema: origin, fallback, inSandbox };
}

/** The issuer of an OpenID provider, exactly as in its discovery document: with its path, and with or without a slash at the end. */
export function issuerUrl(fallback?: string, inSandbox?: StandInOrigin): ProviderVariable {
  return { schema: issuer, fallback, inSandbox };
}
