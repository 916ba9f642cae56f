import "server-only";
import { issuer, origin, text } from "@/lib/env-schema";
import type { ProviderVariable } from "@/lib/providers/provider-definition";

/** A client id or secret: there is none unless the environment has it. In the sandbox the emulator's own. */
export function credential(sandboxValue?: string): ProviderVariable {
  return { schema: text.max(512, "is too long"), ...(sandboxValue !== undefined && { inSandbox: () => sandboxValue }) };
}

/** The origin of a provider's server. */
export function serverOrigin(fallback: string, inSandbox?: (port: number) => string): ProviderVariable {
  return { schema: origin, fallback, inSandbox };
}

/** The issuer of an OpenID provider, exactly as its discovery document has it: with its path, and with or without a slash at the end. */
export function issuerUrl(fallback?: string, inSandbox?: (port: number) => string): ProviderVariable {
  return { schema: issuer, fallback, inSandbox };
}
