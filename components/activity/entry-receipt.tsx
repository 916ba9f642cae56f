import type { ReactNode } from "react";
import { Money } from "@/components/sale/money";
import { RetryButton } from "@/components/ui/failure-notice";
import { Callout } from "@/components/ui/feedback";
import { ExternalLink } from "@/components/ui/link";
import { Moment } from "@/components/ui/moment";
import { CopyButton } from "@/components/wallet/address";
import type { ActivityEntry } from "@/lib/activity/entries";
import { activityWords, entityNameOf, totalSymbol, type NamedEntity } from "@/lib/activity/words";
import { formatPrice, parsePriceTick } from "@/lib/purchase/price";
import type { SaleChain } from "@/lib/sale/state";
import type { OwnActivity } from "@/lib/sonar/activity";

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-6 py-2.5 sm:grid-cols-[10rem_minmax(0,1fr)]">
      <dt className="text-text-quiet">{term}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

/** Every digit: a receipt is compared with other papers. */
function Code({ text, label }: { text: string; label: string }) {
  return (
    <span className="inline-flex max-w-full items-start gap-1">
      <span translate="no" className="min-w-0 font-mono text-sm">
        {text}
      </span>
      <span className="print:hidden">
        <CopyButton text={text} label={label} />
      </span>
    </span>
  );
}

interface EntryReceiptProps {
  entry: ActivityEntry;
  /** All entries that were found: they tell in which tokens the total is. */
  entries: readonly ActivityEntry[];
  entities: readonly NamedEntity[];
  chain: SaleChain;
}

/** All that the chain tells of one entry. */
export function EntryReceipt({ entry, entries, entities, chain }: EntryReceiptProps) {
  const { amount, token, bid, at, wallet, block, transaction } = entry;
  const { title, sentence } = activityWords(entry);
  const tick = chain.priceTick === undefined ? undefined : parsePriceTick(chain.priceTick);
  const unit = { decimals: token?.decimals ?? 0, symbol: token?.symbol };
  return (
    <section aria-labelledby="receipt" className="grid gap-4">
      <div>
        <h1 id="receipt" className="text-xl font-semibold tracking-tight">
          <span>{`${title}: `}</span>
          <Money amount={amount} {...unit} />
        </h1>
        <p className="mt-2 text-text-quiet">{sentence}</p>
      </div>
      <dl className="divide-y divide-line border-y border-line">
        <Fact term="Time">
          <Moment at={at} own />
        </Fact>
        <Fact term="Entity">
          <bdi>{entityNameOf(entry, entities)}</bdi>
        </Fact>
        {bid && (
          <Fact term="Entity's total after it">
            <Money amount={bid.total} {...unit} symbol={totalSymbol(entry, entries)} />
          </Fact>
        )}
        {bid && tick !== undefined && bid.price > 0n && (
          <Fact term="Bid price">{`${formatPrice(bid.price, tick)} ${token?.symbol ?? ""}`.trimEnd()}</Fact>
        )}
        {bid && <Fact term="Lockup">{bid.lockup ? "Yes" : "No"}</Fact>}
        <Fact term="Wallet">
          <Code text={wallet} label="wallet address" />
        </Fact>
        {token && (
          <Fact term={`Contract of ${token.symbol}`}>
            <Code text={token.address} label="token contract" />
          </Fact>
        )}
        <Fact term="Contract of the sale">
          <Code text={chain.contract} label="sale contract" />
        </Fact>
        <Fact term="Network">{`${chain.chainName} (chain ${chain.chainId}), block ${block}`}</Fact>
        <Fact term="Transaction">
          <Code text={transaction} label="transaction hash" />
          {chain.explorerUrl !== undefined && (
            <span className="print:hidden">
              <ExternalLink href={`${chain.explorerUrl}/tx/${transaction}`}>View transaction</ExternalLink>
            </span>
          )}
        </Fact>
      </dl>
    </section>
  );
}

type Missing = OwnActivity["missing"];

/** What may hide an entry that was not found. */
const MAY_HIDE: Record<Exclude<Missing, "none">, string> = {
  "to-search": "Older blocks are still being searched, and it may be in one of them.",
  unread: "Older entries could not be read, and it may be one of them.",
  behind: "A node of the chain is behind, so some entries are missing, and it may be one of them.",
  outdated: "This site has not seen the chain's newest blocks, and it may be in one of them.",
};

/** What is said of an address that is none of the entries that were found: only a complete search tells that there is none. */
export function MissingEntry({ missing, returnTo }: { missing: Missing; returnTo: string }) {
  if (missing === "none")
    return (
      <Callout title="There is no such entry">
        <p>It is not in your activity, or the chain has not confirmed it yet.</p>
      </Callout>
    );
  const action = <RetryButton returnTo={returnTo} variant="secondary" />;
  return (
    <Callout tone="warn" title="This entry was not found yet" action={action}>
      <p>{MAY_HIDE[missing]}</p>
    </Callout>
  );
}
