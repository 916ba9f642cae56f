import { Suspense, type ReactNode } from "react";
import { InvestmentSection } from "@/app/_home/investments";
import { JourneySection, WaitingJourney } from "@/app/_home/journey";
import { SaleSection, WaitingSale } from "@/app/_home/sale";
import { StripSection, WaitingStrip } from "@/app/_home/sale-strip";
import { visitorPage } from "@/app/_home/visitor";
import { getEntities, getInvestmentHistory, getPositions, getProfile } from "@/app/actions/sonar";
import { SeedsProvider, type Seeds } from "@/hooks/page-provider";
import { offersOnePress, type SessionStatus } from "@/lib/account";
import { readSaleState } from "@/lib/chain/read-sale";
import { getEnv } from "@/lib/config/env";
import { site } from "@/lib/config/site";
import { publicSettings } from "@/lib/config/public-settings";
import { ENTITY_COOKIE } from "@/lib/http/cookies";
import { withTimeout } from "@/lib/http/deadline";
import { guarded } from "@/lib/http/guarded";
import { announcedTimes } from "@/lib/announced-times";
import { readBrowserCookie } from "@/lib/session";
import { readCommitments } from "@/lib/sonar/commitments";

/** The page's heading. It is short on a phone: the first screen has to reach the button below it. */
function JourneyHeading({ signedIn }: { signedIn: boolean }) {
  if (signedIn) return <h1 className="text-xl font-semibold tracking-tight">Your participation</h1>;
  return <h1 className="text-xl font-semibold tracking-tight sm:text-2xl">{site.headline}</h1>;
}

/** The page in short, and facts that a person should know before signing in. */
function BeforeYouStart() {
  return (
    <section aria-label="Before you start" className="grid gap-6 border-t border-line pt-8">
      <p className="max-w-prose text-lg text-text-quiet">{site.intro}</p>
      <dl className="grid gap-6 sm:grid-cols-3">
        {site.facts.map(({ title, text }) => (
          <div key={title}>
            <dt className="font-medium">{title}</dt>
            <dd className="mt-1 text-sm text-text-quiet">{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface SalePageProps {
  /** The sale at a glance; first on every width. */
  strip: ReactNode;
  /** The part about this person. */
  journey: ReactNode;
  /** The public part about the sale; below the journey on a phone. */
  sale: ReactNode;
}

/** The strip, and the page's two columns below it. */
function SalePage({ strip, journey, sale }: SalePageProps) {
  return (
    <main>
      {strip}
      <div className="mx-auto grid max-w-6xl gap-12 px-[min(1rem,5vw)] py-6 sm:px-6 sm:py-10 lg:grid-cols-[minmax(0,1fr)_22rem] lg:gap-16">
        <div className="grid min-w-0 content-start gap-6 sm:gap-8">{journey}</div>
        <div className="min-w-0">{sale}</div>
      </div>
    </main>
  );
}

/** In seconds. A hanging upstream is abandoned after 10 s (UPSTREAM_TIMEOUT_MS); a serverless host must not end the request before that. */
export const maxDuration = 60;

/** In milliseconds. The sale's figures appear together with its phase, but they do not wait longer than this for a slow chain. */
const CHAIN_PATIENCE_MS = 1_500;

/** Begins all reads of the page at once. None is awaited here: each part is streamed when its answer arrives. */
function beginReads(connected: boolean, onChain: boolean): Seeds {
  const forAll = {
    commitments: guarded("commitments", () => readCommitments()),
    ...(onChain && {
      saleState: withTimeout(
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

async function homePage({ signedIn, sonarConnected }: SessionStatus) {
  const env = getEnv();
  const settings = { ...publicSettings(env), ...(await announcedTimes(env)) };
  const preferredEntityId = await readBrowserCookie(ENTITY_COOKIE);
  const now = Date.now();
  const onePress = offersOnePress();
  const waiting = <WaitingJourney settings={settings} onePress={onePress} />;
  return (
    <SeedsProvider seeds={beginReads(sonarConnected, settings.chain !== undefined)}>
      <SalePage
        strip={
          <Suspense fallback={<WaitingStrip settings={settings} renderedAt={now} />}>
            <StripSection settings={settings} renderedAt={now} />
          </Suspense>
        }
        journey={
          <>
            <JourneyHeading signedIn={signedIn} />
            {sonarConnected ? (
              <Suspense fallback={waiting}>
                <JourneySection settings={settings} onePress={onePress} preferredEntityId={preferredEntityId} />
              </Suspense>
            ) : (
              // No Suspense, because nothing is awaited: replacing a fallback would lose the keyboard focus in it.
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

export default function HomePage() {
  return visitorPage(homePage);
}
