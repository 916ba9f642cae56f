import "server-only";
import type { Env } from "@/lib/env";
import type { Provider, ProviderId } from "@/lib/oauth/provider";
import { sonarProvider } from "@/lib/providers/sonar";

const factories: Record<ProviderId, (env: Env) => Provider> = {
  sonar: (env) => sonarProvider(env.sonar),
};

function isProviderId(id: string): id is ProviderId {
  return Object.hasOwn(factories, id);
}

/** The provider of that id, or `undefined`; own names only, since ids come from URLs (`__proto__` is none). */
export function findProvider(env: Env, id: string): Provider | undefined {
  return isProviderId(id) ? factories[id](env) : undefined;
}
