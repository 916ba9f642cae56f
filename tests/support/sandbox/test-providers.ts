import { startInteract } from "@/sandbox/providers/interact";
import { startOnceHub } from "@/sandbox/providers/oncehub";
import { startRakomi } from "@/sandbox/providers/rakomi";
import type { Quirks } from "@/sandbox/standard/provider";
import type { ProviderAddresses } from "@/tests/support/app/app-environment";
import { callControl, SandboxClient } from "@/tests/support/sandbox/sandbox-client";

/** The providers besides Sonar that the sandbox emulates. */
export const PROVIDER_IDS = ["oncehub", "interact", "rakomi"] as const;

export type TestProviderId = (typeof PROVIDER_IDS)[number];

/** Controls one of the sandbox's providers. */
export class ProviderClient extends SandboxClient {
  /** Sets the parts that it omits from its answers, until a reset. */
  async setQuirks(quirks: Partial<Quirks> & { rotates?: boolean }): Promise<void> {
    await callControl(this.origin, "PUT", "quirks", quirks);
  }
}

/** Providers that only one test uses. */
export interface TestProviders {
  /** Addresses for the environment of an app. */
  addresses: ProviderAddresses;
  oncehub: ProviderClient;
  interact: ProviderClient;
  rakomi: ProviderClient;
  /** Registers an app's redirect URIs with all of them. */
  register(appUrl: string): Promise<void>;
  /** Restores the initial state and ends all connections. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the providers on free ports of this process. */
export async function startTestProviders(now?: () => number): Promise<TestProviders> {
  const options = { port: 0, redirectUris: [], ...(now && { now }) };
  const oncehub = await startOnceHub(options);
  const interact = await startInteract(options);
  const rakomi = await startRakomi({ ...options, accountsPort: 0 });
  const clients = {
    oncehub: new ProviderClient(oncehub.origin),
    interact: new ProviderClient(interact.origin),
    rakomi: new ProviderClient(rakomi.origin),
  };
  return {
    ...clients,
    addresses: {
      ONCEHUB_APP_URL: oncehub.origin,
      ONCEHUB_API_URL: oncehub.origin,
      INTERACT_URL: interact.origin,
      RAKOMI_URL: rakomi.origin,
      RAKOMI_ACCOUNTS_URL: rakomi.accountsOrigin,
      RAKOMI_ISSUER: rakomi.accountsOrigin,
    },
    register: async (appUrl) => {
      for (const id of PROVIDER_IDS) await clients[id].addRedirectUris(`${appUrl}/oauth/callback/${id}`);
    },
    reset: async () => {
      for (const id of PROVIDER_IDS) await clients[id].reset({ grants: true });
    },
    close: async () => {
      await Promise.all([oncehub, interact, rakomi].map((provider) => provider.close()));
    },
  };
}
