import "server-only";
import type { Env } from "@/lib/env";
import { requireProvider } from "@/lib/providers/find-provider";
import { sandboxInteractOrigin, sandboxOnceHubOrigin, sandboxRakomiAccountsOrigin } from "@/sandbox/constants";
import type { ProviderChoice } from "@/sandbox/start-providers";

/** With nothing in it where users are sent elsewhere: the emulator is then not needed, and its port may be taken. */
function redirectUrisAt(env: Env, id: string, origin: string): readonly string[] | undefined {
  const found = requireProvider(env, id);
  if (!found.ok || !found.data.authorizeOrigins.includes(origin)) return undefined;
  return [found.data.provider.redirectUri];
}

/** The providers whose part is played by the sandbox with this first port, and the redirect URIs to register with each. */
export function emulatedProviders(env: Env, port: number): ProviderChoice {
  const oncehub = redirectUrisAt(env, "oncehub", sandboxOnceHubOrigin(port));
  const interact = redirectUrisAt(env, "interact", sandboxInteractOrigin(port));
  const rakomi = redirectUrisAt(env, "rakomi", sandboxRakomiAccountsOrigin(port));
  return { oncehub, interact, rakomi };
}
