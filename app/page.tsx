import { cookies } from "next/headers";
import { Suspense } from "react";
import { getEntities, getInvestmentHistory, getPositions, getProfile } from "@/app/actions/sonar";
import { InvestmentSection } from "@/app/investment-section";
import { JourneySection, WaitingJourney } from "@/app/journey-section";
import { SaleSection, WaitingSale } from "@/app/sale-section";
import { BeforeYouStart } from "@/components/journey/before-you-start";
import { JourneyHeading } from "@/components/journey/journey-heading";
import { SalePage } from "@/components/sale-page";
import { SeedsProvider, type Seeds } from "@/hooks/view";
import { readSessionStatus } from "@/lib/account";
import { ENTITY_COOKIE } from "@/lib/browser-cookies";
import { readSaleState } from "@/lib/chain/read-sale-state";
import { getEnv } from "@/lib/env";
import { guarded } from "@/lib/guarded";
import { publicSettings } from "@/lib/public-settings";
import { readCommitments } from "@/lib/sonar/commitments";
import { within } from "@/lib/within";

/** A hanging upstream is given up after 10 s (UPSTREAM_TIMEOUT_MS); a serverless host must not end the request before. */
export const maxDuration = 60;

/** The figures of the sale are shown together with its phase; for longer than this (milliseconds) they do not wait for a slow chain. */
const CHAIN_PATIENCE_MS = 1_500;

/** Begins every read of the page at once. None is awaited here: each part is streamed in as its answer comes. */
function beginReads(connected: boolean, onChain: boolean): Seeds {
  const forAll = {
    commitments: guarded("commitments", () => readCommitments()),
    ...(onChain && {
      saleState: within(
        CHAIN_PATIENCE_MS,
        guarded("saleState", () => readSaleState()),
      ),
    }),
  };
  if (!connected) return forAll;
  return {
    ...forAll,
    ...(onChain && { positions: getPositions({}) }),
    entities: getEntities({}),
    profile: getProfile({}),
    investmentHistory: getInvestmentHistory({}),
  };
}

export default async function HomePage() {
  const { signedIn, connected } = await readSessionStatus();
  const sonarConnected = connected.includes("sonar");
  const settings = publicSettings(getEnv());
  const wishedEntityId = (await cookies()).get(ENTITY_COOKIE)?.value;
  const now = Date.now();
  const waiting = <WaitingJourney settings={settings} />;
  return (
    <SeedsProvider seeds={beginReads(sonarConnected, settings.chain !== undefined)}>
      <SalePage
        journey={
          <>
            <JourneyHeading signedIn={signedIn} />
            {sonarConnected ? (
              <Suspense fallback={waiting}>
                <JourneySection settings={settings} wishedEntityId={wishedEntityId} />
              </Suspense>
            ) : (
              // Nothing is waited for: what takes a fallback's place takes the keyboard's focus with it.
              waiting
            )}
            {!signedIn && <BeforeYouStart />}
            {sonarConnected && <InvestmentSection />}
          </>
        }
        sale={
          <Suspense fallback={<WaitingSale settings={settings} renderedAt={now} />}>
            <SaleSection settings={settings} renderedAt={now} />
          </Suspense>
        }
      />
    </SeedsProvider>
  );
}
