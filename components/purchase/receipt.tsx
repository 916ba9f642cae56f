"use client";

import type { ReactNode, Ref } from "react";
import { CircleCheck } from "lucide-react";
import { PlaceHeading } from "@/components/purchase/transaction-status";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/feedback";
import { ExternalLink } from "@/components/ui/link";
import { Moment } from "@/components/ui/moment";
import { PrintButton } from "@/components/ui/print-button";
import { Address, CopyButton } from "@/components/wallet/address";
import { receiptTitle, type ReceiptFacts } from "@/lib/purchase/receipt";
import type { TransactionKind } from "@/lib/purchase/progress";
import { shortenAddress } from "@/lib/sale/hex";

interface RowProps {
  term: string;
  children: ReactNode;
}

function Row({ term, children }: RowProps) {
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-4 py-1">
      <dt className="text-text-quiet">{term}</dt>
      <dd className="min-w-0 wrap-anywhere tabular-nums">{children}</dd>
    </div>
  );
}

/** An id in full on paper, where it cannot be copied. */
function OnPaper({ id, children }: { id: string; children: ReactNode }) {
  return (
    <>
      <span className="print:hidden">{children}</span>
      <span aria-hidden translate="no" className="hidden font-mono text-sm print:inline">
        {id}
      </span>
    </>
  );
}

function ShortHash({ hash }: { hash: string }) {
  return (
    <span translate="no" className="font-mono text-sm" title={hash}>
      {shortenAddress(hash)}
    </span>
  );
}

function Transaction({ hash, explorerUrl }: { hash: string; explorerUrl?: string }) {
  return (
    <OnPaper id={hash}>
      {explorerUrl ? (
        <ExternalLink href={`${explorerUrl}/tx/${hash}`}>
          <ShortHash hash={hash} />
        </ExternalLink>
      ) : (
        <span className="inline-flex items-center gap-1">
          <ShortHash hash={hash} />
          <CopyButton text={hash} label="transaction hash" />
        </span>
      )}
    </OnPaper>
  );
}

const AMOUNTS: Record<TransactionKind, string> = {
  commit: "Committed",
  reduce: "Taken back",
  cancel: "Paid back",
  refund: "Paid back",
};

const RETURNED = "It went to the wallets that had paid it.";
const CHANGED = "Your entity's commitment changed before the transaction was confirmed.";
const CHANGED_TOO = "Your entity's commitment was changed in another way as well.";

/**
 * The reason of the difference, as far as the chain proves one. A bid states its total, so another amount for the same total means that the
 * commitment had changed; of another total as well, the wallet may have asked for something else by itself.
 */
function reasonOf({ kind, asked, expectedTotal }: ReceiptFacts): string[] {
  if (kind === "reduce") return asked === undefined ? [CHANGED_TOO] : [];
  return expectedTotal === undefined ? [CHANGED] : [];
}

/** What is not as it was asked for: the amount that was moved, the total, and the reason. */
function differencesOf(facts: ReceiptFacts): string | undefined {
  const { kind, amount, asked, total, expectedTotal } = facts;
  if (asked === undefined && expectedTotal === undefined) return undefined;
  const verb = kind === "commit" ? "taken" : "paid back";
  const moved = asked === undefined ? [] : [`${amount ?? "Nothing"} was ${verb}; ${asked} was expected.`];
  const left =
    expectedTotal === undefined ? [] : [`Your entity's total is ${total ?? "0"}; ${expectedTotal} was expected.`];
  return [...moved, ...left, ...reasonOf(facts)].join(" ");
}

/** The sentences under the heading: where money went that comes back, and what is not as it was asked for. */
function sentencesOf(facts: ReceiptFacts): string[] {
  const where = facts.kind !== "commit" && facts.amount ? [RETURNED] : [];
  const differences = differencesOf(facts);
  return differences === undefined ? where : [...where, differences];
}

function Rows({ facts, explorerUrl }: { facts: ReceiptFacts; explorerUrl?: string }) {
  const { kind, amount, total, price, expected, entityName, wallet, hash, at } = facts;
  return (
    <dl>
      {amount && <Row term={AMOUNTS[kind]}>{amount}</Row>}
      {total && <Row term="Your entity's total">{total}</Row>}
      {price && <Row term="Price">{price}</Row>}
      {expected && <Row term="You receive">{expected}</Row>}
      <Row term="Entity">
        <bdi>{entityName}</bdi>
      </Row>
      <Row term={kind === "commit" && amount ? "Paid from" : "Sent by"}>
        <OnPaper id={wallet}>
          <Address address={wallet} label="wallet address" />
        </OnPaper>
      </Row>
      <Row term="Transaction">
        {hash ? <Transaction hash={hash} explorerUrl={explorerUrl} /> : "listed in your wallet"}
      </Row>
      <Row term="Time">
        <Moment at={at} own />
      </Row>
    </dl>
  );
}

interface ReceiptProps {
  facts: ReceiptFacts;
  explorerUrl?: string;
  /** What happens next, in its order. */
  next?: readonly string[];
  /** The name of the site, for the paper. */
  siteName: string;
  heading?: Ref<HTMLHeadingElement>;
  /** The contract no longer shows it: what it says must not read as what the user has, or got back. */
  outdated?: boolean;
  onAddMore?: () => void;
  onClose?: () => void;
}

const BY_NOW = "Your position is what counts.";
const NOT_RETURNED = `The sale's contract no longer shows what this receipt says: your commitment changed since, or the network took the transaction back. ${BY_NOW}`;

const OUTDATED: Record<TransactionKind, string> = {
  commit: `The sale's contract now has less than this receipt says: it was reduced since, or the network took the transaction back. ${BY_NOW}`,
  reduce: NOT_RETURNED,
  cancel: NOT_RETURNED,
  refund: NOT_RETURNED,
};

/** The receipt of one transaction. Only receipts are printed, if the page has any. */
export function Receipt(props: ReceiptProps) {
  const { facts, explorerUrl, next = [], siteName, heading, outdated = false, onAddMore, onClose } = props;
  const sentences = outdated ? [] : sentencesOf(facts);
  return (
    <section
      aria-label="Receipt"
      data-print
      className="grid gap-3 rounded-md border border-line bg-surface-raised p-[min(1rem,4vw)]"
    >
      <p className="hidden text-sm text-text-quiet print:block">{siteName}</p>
      <div className="flex gap-2">
        {!outdated && <CircleCheck aria-hidden className="mt-1 size-[16px] shrink-0 text-ok" />}
        <div>
          <PlaceHeading ref={heading}>{outdated ? "Your commitment has changed" : receiptTitle(facts)}</PlaceHeading>
          {sentences.map((sentence) => (
            <p key={sentence} className="text-sm text-text-quiet">
              {sentence}
            </p>
          ))}
        </div>
      </div>
      {outdated && <Callout tone="bad">{OUTDATED[facts.kind]}</Callout>}
      <Rows facts={facts} explorerUrl={explorerUrl} />
      {next.length > 0 && (
        <div className="border-t border-line pt-3">
          <h4 className="font-medium">What happens next</h4>
          <ol className="mt-1 grid list-disc gap-1 pl-4 text-sm text-text-quiet">
            {next.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ol>
        </div>
      )}
      <div className="flex flex-wrap gap-2 print:hidden">
        {onAddMore && <Button onClick={onAddMore}>Add more</Button>}
        <PrintButton />
        {onClose && <Button onClick={onClose}>Close</Button>}
      </div>
    </section>
  );
}
