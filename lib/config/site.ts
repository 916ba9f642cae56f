/** A link in the page's header or footer: a path of this site, or an https or mailto address. */
export interface SiteLink {
  label: string;
  href: string;
}

/** A short fact under a heading of its own. */
export interface SiteFact {
  title: string;
  text: string;
}

/** The terms that a person accepts for an entity with the press that commits. A new `version` asks everybody again. */
export interface TermsConsent {
  /** "press": the statement above the button is enough. "checkbox": it must be ticked as well. */
  by: "press" | "checkbox";
  /** Stored with the consent, e.g. the date of the document. At most 64 characters. */
  version: string;
  /** The beginning of the sentence above the button, or beside the checkbox; the documents and a full stop follow it. */
  statement: string;
  documents: readonly SiteLink[];
}

/**
 * A logo in `public/`, shown in place of the name in the header. In an SVG, `@media (prefers-color-scheme: dark)` follows the page's
 * colours.
 */
export interface SiteLogo {
  src: string;
  /** In CSS pixels, so that nothing moves when it arrives. */
  width: number;
  height: number;
}

/**
 * The facts of the sale that neither its contract nor Sonar has. Amounts are decimal numbers such as "0.0215" or "1000000": those of money in
 * whole payment tokens, those of tokens in whole tokens.
 */
export interface SaleFacts {
  /** Payment tokens for one token. Absent in an auction, and while it is not announced. */
  price?: string;
  /** Decimals of the token that is sold. */
  tokenDecimals: number;
  /** Tokens on sale. */
  supply: string;
  /** The least and the most that one entity can commit. Sonar's permits decide; the page shows both. */
  minimum?: string;
  maximum?: string;
  /** The total that the sale aims at, and the one at which it ends. */
  target?: string;
  cap?: string;
  /** The rule if more is committed than is on sale. With "pro-rata", a worked example from the figures above follows it. */
  oversubscription: { rule: "pro-rata" | "other"; text: string };
  lockup: string;
  refund: string;
  afterClose: string;
}

/** The words, colours and links that make this the site of one sale. */
export interface Site {
  name: string;
  /** For search engines and shared links. */
  description: string;
  /** The language of the texts, e.g. "en" or "pt-BR". Amounts and dates keep one form (`lib/sale/money.ts`, `lib/calendar.ts`). */
  locale: string;
  logo?: SiteLogo;
  /** The one accent colour: a contrast of 4.5:1 against the surfaces of `app/globals.css`. */
  accent: { light: string; dark: string };
  /** Text on the accent colour: a contrast of 4.5:1 against it. */
  onAccent: { light: string; dark: string };
  /** The heading before sign-in, and the sentence under it. */
  headline: string;
  intro: string;
  /** Facts that a person should know before signing in. */
  facts: readonly SiteFact[];
  token: { name: string; symbol: string; supply: string };
  sale: SaleFacts;
  /** Further terms in short, listed after those of `sale`. */
  saleTerms: readonly SiteFact[];
  /** Links in the header. */
  navigation: readonly SiteLink[];
  /** The line at the end of every page. */
  footer: string;
  /** Links at the end of every page. */
  legal: readonly SiteLink[];
  /** At the beginning of the pages of terms, risks and privacy. Absent: nothing. */
  legalNotice?: string;
  /** Absent: nothing has to be accepted. */
  consent?: TermsConsent;
  /** An https or mailto address for help; the variable SUPPORT_URL takes precedence. */
  supportUrl?: string;
  /** Further origins that pages may use (Content-Security-Policy), e.g. https://stats.example.com; `connect` takes wss too. */
  contentSources: { connect: readonly string[]; image: readonly string[]; frame: readonly string[] };
}

/** This site. A fork rebrands here; its icons and the image of shared links follow. `siteProblems` in `lib/config/site-rules.ts` checks it at start-up. */
export const site: Site = {
  name: "Acme token sale",
  description: "See with your Sonar account whether you can take part, and commit from your own wallet.",
  locale: "en",
  accent: { light: "#3450d2", dark: "#9db0ff" },
  onAccent: { light: "#ffffff", dark: "#0d1233" },
  headline: "Take part in the Acme token sale",
  intro: "Connect your Sonar account to see whether you can take part, and what is left to do if you cannot yet.",
  facts: [
    {
      title: "What this is",
      text: "A token sale on Sonar, by Echo. Sonar checks who may take part, and this site shows you your status.",
    },
    {
      title: "What you will be asked",
      text: "To sign in here, to approve on Sonar what this site may read (your entities, their eligibility, and your email if you agree), to connect a wallet, and to pay from it.",
    },
    {
      title: "What is never shared",
      text: "Your identity documents stay with Sonar. This site's access to your Sonar account stays on its server and never reaches a browser; your wallet's keys stay in your wallet.",
    },
  ],
  token: { name: "Acme", symbol: "ACME", supply: "1,000,000,000" },
  sale: {
    price: "0.0215",
    tokenDecimals: 18,
    supply: "1000000",
    oversubscription: {
      rule: "pro-rata",
      text: "If more is committed than is on sale, every commitment is accepted in the same proportion. The rest is refunded.",
    },
    lockup: "If Sonar requires a lockup for you, the form says so before you commit.",
    refund: "What is not accepted is paid back, in the token that you paid, to the wallet that it came from.",
    afterClose:
      "Allocations are decided and written to the contract. Then refunds are paid, and the tokens go to the wallet that you paid from.",
  },
  saleTerms: [
    { title: "Payment", text: "You pay from your own wallet, in the tokens that the commitment form lists." },
  ],
  navigation: [],
  footer: "Acme is an example. Nothing is for sale here.",
  legal: [
    { label: "Terms of sale", href: "/terms" },
    { label: "Risks", href: "/risk" },
    { label: "Privacy", href: "/privacy" },
  ],
  legalNotice:
    "This page belongs to an example. It is no offer and binds nobody: whoever runs a real sale replaces it with a text of their own.",
  consent: {
    by: "press",
    version: "2026-11-28",
    statement: "By committing you accept the",
    documents: [{ label: "Terms of sale", href: "/terms" }],
  },
  contentSources: { connect: [], image: [], frame: [] },
};
