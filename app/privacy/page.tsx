import type { Metadata } from "next";
import { TextPage, TextSection } from "@/components/layout/text-page";
import { SupportLink } from "@/components/ui/support-link";
import { getEnv, type Env } from "@/lib/config/env";
import { SANDBOX_DEMO_STORAGE } from "@/lib/config/sandbox";
import { site } from "@/lib/config/site";
import { STEP_STORAGE } from "@/lib/early-presses";
import {
  ENTITY_COOKIE,
  hostCookieName,
  loginCookieName,
  sessionCookieName,
  THEME_COOKIE,
  WALLET_COOKIE,
} from "@/lib/http/cookies";
import { APPROVAL_KEY, PENDING_PREFIX, RECEIPT_PREFIX, SEEN_PREFIX, UNLISTED_PREFIX } from "@/lib/purchase/pending";

export const metadata: Metadata = {
  title: "Privacy",
  description: `What ${site.name} stores about you, where, and for how long.`,
};

interface StoredFact {
  name: string;
  holds: string;
  kept: string;
}

function cookieFacts({ appUrl, login }: Env): StoredFact[] {
  const secure = appUrl.startsWith("https:");
  return [
    {
      name: sessionCookieName(secure),
      holds: "A random id and your name, encrypted, which keep you signed in",
      kept: "for 7 days, or until you sign out",
    },
    ...(login
      ? [
          {
            name: loginCookieName(secure),
            holds: "The sign-ins that you began in this browser",
            kept: "for ten minutes",
          },
        ]
      : []),
    {
      name: hostCookieName(ENTITY_COOKIE, secure),
      holds: "The entity that you have chosen",
      kept: "for one year, or until you sign out",
    },
    {
      name: hostCookieName(WALLET_COOKIE, secure),
      holds: "The address of the wallet that you connected last",
      kept: "for 30 days, or until you sign out",
    },
    { name: hostCookieName(THEME_COOKIE, secure), holds: "Your choice of colours", kept: "for one year" },
  ];
}

const BROWSER_STORAGE: readonly StoredFact[] = [
  { name: PENDING_PREFIX, holds: "A transaction that you have sent", kept: "until the chain has confirmed it" },
  {
    name: UNLISTED_PREFIX,
    holds: "A commitment that Sonar does not list yet",
    kept: "until Sonar lists it, in this tab",
  },
  { name: RECEIPT_PREFIX, holds: "The receipt of your last transaction", kept: "until you close it, or sign out" },
  { name: SEEN_PREFIX, holds: "The block of your last transaction", kept: "until your next one, or you sign out" },
  { name: STEP_STORAGE, holds: "The button that led to the next page", kept: "until that page opens" },
  { name: APPROVAL_KEY, holds: "Which of your wallets pay by approval", kept: "until you close this tab" },
  { name: "wagmi", holds: "Which wallet you use", kept: "until you clear your browser's data" },
];

const WALLET_CONNECT_STORAGE: StoredFact = {
  name: "WALLET_CONNECT_V2_INDEXED_DB",
  holds: "The connection to your wallet on another device",
  kept: "until you disconnect the wallet",
};

const DEMO_WALLET: StoredFact = {
  name: SANDBOX_DEMO_STORAGE.wallet,
  holds: "The keys of your test wallet",
  kept: "until you clear your browser's data",
};

const SANDBOX_SALE: StoredFact = {
  name: SANDBOX_DEMO_STORAGE.sale,
  holds: "The time at which the sandbox's sale began",
  kept: "until you clear your browser's data",
};

function storageFacts({ sandbox, chain }: Env): StoredFact[] {
  return [
    ...BROWSER_STORAGE,
    ...(chain?.facts.walletConnect ? [WALLET_CONNECT_STORAGE] : []),
    ...(sandbox?.demo ? [DEMO_WALLET] : []),
    ...(sandbox ? [SANDBOX_SALE] : []),
  ];
}

function Facts({ facts }: { facts: readonly StoredFact[] }) {
  return (
    <dl className="divide-y divide-line border-y border-line">
      {facts.map(({ name, holds, kept }) => (
        <div key={name} className="grid gap-x-6 py-2.5 sm:grid-cols-[9rem_1fr]">
          <dt translate="no" className="font-mono text-sm leading-6">
            {name}
          </dt>
          <dd>
            <span>{`${holds}. `}</span>
            <span className="text-text-quiet">{`Kept ${kept}.`}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The audit table (`lib/audit.ts`), and the log. */
function recordText({ auditDays }: Env): string {
  const kept = auditDays === 1 ? "one day" : `${auditDays} days`;
  return (
    `For ${kept}, it also keeps a record of your sign-ins and sign-outs, of the accounts that you connect and disconnect, of the terms that you ` +
    "accept, and of each permit to buy that you ask for: its entity, its wallet and its limits. Each entry holds your id and a keyed hash of your " +
    "network address. The log of this site names you and your session by keyed hashes only."
  );
}

/**
 * The facts about what this software stores, as listed in docs/going-live.md. A fork adds who is responsible and what else it stores, or
 * links to another address in `site.ts` and deletes this page.
 */
export default function PrivacyPage() {
  return (
    <TextPage title="Privacy">
      <TextSection title="In short">
        <p>
          This site stores what it needs to keep you signed in and connected, and nothing to track you. Your identity
          documents stay with Sonar, and your wallet&apos;s keys stay in your wallet.
        </p>
      </TextSection>
      <TextSection title="Cookies">
        <Facts facts={cookieFacts(getEnv())} />
      </TextSection>
      <TextSection title="Your browser's storage">
        <p>These stay in your browser and are not sent to this site.</p>
        <Facts facts={storageFacts(getEnv())} />
      </TextSection>
      <TextSection title="This site's database">
        <p>
          An id for you, your sessions, and the encrypted access that you gave this site to your Sonar account and any
          other account that you connected. Signing out ends your session and removes that access. To limit sign-ins, it
          counts those of each minute by a hash of your network address. Your name and your email are not stored there.
        </p>
        <p>{recordText(getEnv())}</p>
        {site.consent && (
          <p>The database also holds which version of the terms you accepted for which of your entities, and when.</p>
        )}
      </TextSection>
      <TextSection title="Others">
        <p>
          Sonar decides what this site may read, and you approve it there. What you send from your wallet is public on
          the chain, and cannot be removed. Your wallet and your browser ask the chain&apos;s nodes, which see your
          network address. Your activity is read from the chain, and is not stored in the database.
        </p>
        {getEnv().chain?.facts.walletConnect && (
          <p>
            If you choose WalletConnect, its relay passes the messages between this page and your wallet on. It sees
            your network address, and cannot read the messages.
          </p>
        )}
      </TextSection>
      <p className="text-sm">
        <SupportLink />
      </p>
    </TextPage>
  );
}
