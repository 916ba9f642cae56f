import { startInteract } from "@/sandbox/providers/interact";
import { startOnceHub } from "@/sandbox/providers/oncehub";
import { startRakomi } from "@/sandbox/providers/rakomi";
import { startStandIns, type ProviderClient, type TestStandIns } from "@/tests/support/sandbox/stand-ins";

/** The providers besides Sonar that this project comes with. */
export const PROVIDER_IDS = ["oncehub", "interact", "rakomi"] as const;

export type TestProviderId = (typeof PROVIDER_IDS)[number];

const STAND_INS = {
  oncehub: { name: "OnceHub", start: startOnceHub },
  interact: { name: "Interact", start: startInteract },
  rakomi: { name: "Rakomi", start: startRakomi },
};

/** Their stand-ins, which only one test uses. */
export type TestProviders = Omit<TestStandIns<TestProviderId>, "by"> &
  Readonly<Record<TestProviderId, ProviderClient>> & {
    /** Addresses for the environment of an app. */
    readonly addresses: Readonly<Record<string, string>>;
  };

/** Starts them on free ports of this process. */
export async function startTestProviders(now?: () => number): Promise<TestProviders> {
  const { by, ...all } = await startStandIns(PROVIDER_IDS, STAND_INS, now);
  const { oncehub, interact, rakomi } = by;
  const addresses = {
    ONCEHUB_APP_URL: oncehub.origin,
    ONCEHUB_API_URL: oncehub.origin,
    INTERACT_URL: interact.origin,
    RAKOMI_URL: rakomi.origin,
    RAKOMI_ACCOUNTS_URL: rakomi.pagesOrigin,
    RAKOMI_ISSUER: rakomi.pagesOrigin,
  };
  return { ...all, ...by, addresses };
}
