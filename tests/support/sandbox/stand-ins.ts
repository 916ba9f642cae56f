import type { Quirks } from "@/sandbox/standard/provider";
import type { RunningProvider, StandIn } from "@/sandbox/standard/serve";
import { callControl, SandboxClient } from "@/tests/support/sandbox/sandbox-client";

/** Controls one of the sandbox's stand-ins for the further providers. */
export class ProviderClient extends SandboxClient {
  readonly pagesOrigin: string;

  constructor({ origin, pagesOrigin = origin }: RunningProvider) {
    super(origin);
    this.pagesOrigin = pagesOrigin;
  }

  /** Sets the parts that it omits from its answers, until a reset. */
  async setQuirks(quirks: Partial<Quirks> & { rotates?: boolean }): Promise<void> {
    await callControl(this.origin, "PUT", "quirks", quirks);
  }
}

/** Stand-ins that only one test uses, by the provider's id. */
export interface TestStandIns<Id extends string> {
  by: Readonly<Record<Id, ProviderClient>>;
  /** Registers an app's redirect URIs with all of them. */
  register(appUrl: string): Promise<void>;
  /** Restores the initial state and ends all connections. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Starts stand-ins on free ports of this process. */
export async function startStandIns<Id extends string>(
  ids: readonly Id[],
  standIns: Readonly<Record<string, StandIn>>,
  now?: () => number,
): Promise<TestStandIns<Id>> {
  const options = { port: 0, redirectUris: [], ...(now && { now }) };
  const running = new Map<Id, RunningProvider>();
  for (const id of ids) {
    const standIn = standIns[id];
    if (!standIn) throw new Error(`There is no stand-in for ${id}`);
    running.set(id, await standIn.start(options));
  }
  const clients = [...running].map(([id, provider]) => [id, new ProviderClient(provider)] as const);
  return {
    by: Object.fromEntries(clients) as Record<Id, ProviderClient>,
    register: async (appUrl) => {
      for (const [id, client] of clients) await client.addRedirectUris(`${appUrl}/oauth/callback/${id}`);
    },
    reset: async () => {
      for (const [, client] of clients) await client.reset({ grants: true });
    },
    close: async () => {
      await Promise.all([...running.values()].map((provider) => provider.close()));
    },
  };
}
