import type { ReactNode } from "react";
import { ShieldCheck } from "lucide-react";
import { Skeleton } from "@/components/ui/feedback";
import { ExternalLink } from "@/components/ui/link";
import { Moment } from "@/components/ui/moment";
import { CopyButton } from "@/components/wallet/address";
import { site } from "@/lib/config/site";
import { formatAmount, formatTokenAmount, MAX_UINT256, parseDecimal, type TokenUnit } from "@/lib/sale/money";
import { oversubscriptionExample } from "@/lib/sale/oversubscription";
import { priceText, type Pricing } from "@/lib/sale/pricing";
import type { SaleChain } from "@/lib/sale/state";

/** The sale's contract on chain. */
export interface SaleContractFacts {
  address: string;
  /** The name of its chain. */
  chainName: string;
  /** The contract's page in a block explorer, if one is known. */
  explorerUrl?: string;
  /** The server has compared the contract's sale id with the configured one. "unknown": it could not be read just now. */
  check: "waiting" | "verified" | "unknown";
}

/** The contract's facts from the settings. */
export function contractFacts(chain: SaleChain, check: SaleContractFacts["check"]): SaleContractFacts {
  const { contract: address, chainName, explorerUrl: explorer } = chain;
  return { address, chainName, ...(explorer && { explorerUrl: `${explorer}/address/${address}` }), check };
}

/** The facts that the terms are made of, besides those of `site.ts`. */
export interface SaleTermsProps {
  pricing: Pricing;
  /** The payment tokens; empty while they are not known. */
  tokens: readonly TokenUnit[];
  /** Absent until the contract is announced. */
  contract?: SaleContractFacts;
  /** The bounds of the entity's own permit, in smallest units of the payment tokens. */
  ownLimits?: { minAmount: bigint; maxAmount: bigint };
  /** Milliseconds since 1970. `own`: the time is from the entity's own permit. Absent while no end is known. */
  close?: { at: number; own: boolean };
}

/** Decimals that an amount in `site.ts` may have. */
const SITE_DECIMALS = 18;

const { sale, token } = site;

/** An amount of `site.ts` in the form of all others: "5000" is "5,000". */
function siteAmount(text: string): string {
  const value = parseDecimal(text, SITE_DECIMALS);
  return value === undefined ? text : formatAmount(value, SITE_DECIMALS);
}

/** The payment tokens have equal value (sonar.md 4): a price is in any of them. */
function unitOf(tokens: readonly TokenUnit[]): string {
  return [...new Set(tokens.map(({ symbol }) => symbol))].join("/");
}

function range(least: string | undefined, most: string | undefined, unit: string): string | undefined {
  const bounds = least && most ? `${least} to ${most}` : (least && `from ${least}`) || (most && `up to ${most}`);
  return bounds && `${bounds} ${unit}`.trim();
}

function ownRange({ minAmount, maxAmount }: { minAmount: bigint; maxAmount: bigint }, tokens: readonly TokenUnit[]) {
  const decimals = tokens[0]?.decimals;
  if (decimals === undefined) return undefined;
  const least = minAmount > 0n ? formatAmount(minAmount, decimals) : undefined;
  return range(least, maxAmount < MAX_UINT256 ? formatAmount(maxAmount, decimals) : undefined, unitOf(tokens));
}

/** A short fact: its name beside it, or above it where there is no room. */
function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 @2xs:grid-cols-[6.5rem_minmax(0,1fr)]">
      <dt className="text-text-quiet">{name}</dt>
      <dd className="tabular-nums">{children}</dd>
    </div>
  );
}

/** A fact that takes a sentence or more. */
function Rule({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="font-medium">{name}</dt>
      <dd className="mt-0.5 grid gap-1 text-text-quiet">{children}</dd>
    </div>
  );
}

function PriceFact({ pricing, unit }: { pricing: Pricing; unit: string }) {
  const figure = (price: string) => `${`${price} ${unit}`.trim()} per ${token.symbol}`;
  if (pricing.kind === "unknown") return <Fact name="Price">Not announced yet</Fact>;
  if (pricing.kind === "fixed") return <Fact name="Price">{figure(priceText(pricing.price))}</Fact>;
  return (
    <Fact name="Price">
      <span className="block">Set by the auction</span>
      <span className="block min-h-[1lh] text-text-quiet">
        {pricing.estimate ? `now ${figure(priceText(pricing.estimate))}` : "no estimate yet"}
      </span>
    </Fact>
  );
}

function Limits({ ownLimits, tokens }: Pick<SaleTermsProps, "ownLimits" | "tokens">) {
  const own = ownLimits && ownRange(ownLimits, tokens);
  if (own) return <Fact name="Your limits">{own}</Fact>;
  const { minimum, maximum } = sale;
  const announced = range(minimum && siteAmount(minimum), maximum && siteAmount(maximum), unitOf(tokens));
  return <Fact name="Limits">{announced ?? "Set for each participant"}</Fact>;
}

/** The file has the announced time: whoever has one of their own must not put another one into a calendar. */
function Close({ at, own }: { at: number; own: boolean }) {
  return (
    <>
      <Moment at={at} />
      <span className="block min-h-[1lh]">
        {!own && (
          <a
            href="/sale.ics"
            download
            className="underline decoration-control underline-offset-4 hover:decoration-current"
          >
            Add to calendar
          </a>
        )}
      </span>
    </>
  );
}

/** In smallest units; a sale in which the figures do not fit the token's decimals has no example. */
function exampleOf(pricing: Pricing, { decimals }: TokenUnit) {
  if (sale.oversubscription.rule !== "pro-rata" || pricing.kind !== "fixed") return undefined;
  const supply = parseDecimal(sale.supply, sale.tokenDecimals);
  if (supply === undefined) return undefined;
  const bound = (text: string | undefined) => (text === undefined ? undefined : parseDecimal(text, decimals));
  return oversubscriptionExample({
    price: pricing.price,
    paymentDecimals: decimals,
    tokenDecimals: sale.tokenDecimals,
    supply,
    minimum: bound(sale.minimum),
    maximum: bound(sale.maximum),
  });
}

/** Stands for a payment token in the example while none is known. */
const ANY_TOKEN: TokenUnit = { symbol: "payment tokens", decimals: 6 };

/** The example is in the first payment token: the figures are the same in the others. */
function Oversubscription({ pricing, payment }: { pricing: Pricing; payment: TokenUnit }) {
  const example = exampleOf(pricing, payment);
  const money = (amount: bigint) => formatTokenAmount(amount, payment);
  return (
    <Rule name="Oversubscription">
      {(pricing.kind !== "auction" || sale.oversubscription.rule === "other") && <p>{sale.oversubscription.text}</p>}
      {pricing.kind === "auction" && (
        <p>
          Everyone pays the clearing price, even those who bid more; the excess is refunded. Bids below it are refunded
          in full, and those at the price share what is left.
        </p>
      )}
      {example && (
        <p className="border-l-2 border-line pl-3">
          {`Example: ${siteAmount(sale.supply)} ${token.symbol} cost ${money(example.onSale)}, and ${money(example.committed)} is committed. ` +
            `Half of each commitment is accepted. Of ${money(example.commitment)}, ${money(example.accepted)} buys ` +
            `${formatAmount(example.tokens, sale.tokenDecimals)} ${token.symbol}, and ${money(example.refunded)} is refunded.`}
        </p>
      )}
    </Rule>
  );
}

const CHECKED: Record<"verified" | "unknown", string> = {
  verified: "Verified: the contract itself says that it belongs to this sale.",
  unknown: "Not verified: this site cannot read the contract at the moment.",
};

/** The contract at which anybody can verify the sale. */
function ContractFact({ address, chainName, explorerUrl, check }: SaleContractFacts) {
  return (
    <Rule name={`Contract on ${chainName}`}>
      <span className="flex items-start gap-1">
        <span translate="no" className="font-mono break-all text-text">
          {address}
        </span>
        <CopyButton text={address} label="contract address" />
      </span>
      <span className="flex min-h-[2lh] items-start gap-1.5">
        {check === "waiting" && <Skeleton className="mt-1 h-4 w-56" />}
        {check === "verified" && <ShieldCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />}
        {check !== "waiting" && <span>{CHECKED[check]}</span>}
      </span>
      {explorerUrl && (
        <span>
          <ExternalLink href={explorerUrl}>Explorer</ExternalLink>
        </span>
      )}
    </Rule>
  );
}

/** The terms as a part of the sale's panel. */
export function TermsOfSale({ children }: { children: ReactNode }) {
  return (
    <div>
      <h3 className="mb-2 font-medium">Terms of the sale</h3>
      <div className="contents">{children}</div>
    </div>
  );
}

/** The terms of the sale: what is sold, at what price, until when, and what becomes of a commitment. */
export function SaleTerms({ pricing, tokens, contract, ownLimits, close }: SaleTermsProps) {
  const unit = unitOf(tokens);
  return (
    <div className="@container grid gap-4 text-sm">
      <dl className="grid gap-1.5">
        <Fact name="Token">{`${token.name} (${token.symbol})`}</Fact>
        <Fact name="On sale">{`${siteAmount(sale.supply)} ${token.symbol}`}</Fact>
        <Fact name="Total supply">{`${token.supply} ${token.symbol}`}</Fact>
        <PriceFact pricing={pricing} unit={unit} />
        <Limits ownLimits={ownLimits} tokens={tokens} />
        {sale.target && <Fact name="Target">{`${siteAmount(sale.target)} ${unit}`.trim()}</Fact>}
        {sale.cap && <Fact name="Cap">{`${siteAmount(sale.cap)} ${unit}`.trim()}</Fact>}
        <Fact name="Pay with">{unit.replaceAll("/", " or ") || "Announced with the contract"}</Fact>
        <Fact name={close?.own ? "Closes for you" : "Closes"}>
          {close ? <Close {...close} /> : "Set for each participant"}
        </Fact>
      </dl>
      <dl className="grid gap-4">
        <Oversubscription pricing={pricing} payment={tokens[0] ?? ANY_TOKEN} />
        <Rule name="Lockup">
          <p>{sale.lockup}</p>
        </Rule>
        <Rule name="Refunds">
          <p>{sale.refund}</p>
        </Rule>
        <Rule name="After the close">
          <p>{sale.afterClose}</p>
        </Rule>
        {contract && <ContractFact {...contract} />}
      </dl>
    </div>
  );
}
