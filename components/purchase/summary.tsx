import { ChevronDown } from "lucide-react";
import { Address } from "@/components/wallet/address";
import { requestTitle, type WalletRequest } from "@/lib/purchase/requests";
import type { SummaryLine } from "@/lib/purchase/summary";

/** The order in words and figures, right above the button. Each line has a place of its own, so that nothing moves while somebody types. */
export function PurchaseSummary({ lines }: { lines: readonly SummaryLine[] }) {
  return (
    <dl aria-label="Summary" className="grid gap-x-4 rounded-md bg-surface-sunken px-[min(1rem,4vw)] py-2">
      {lines.map(({ term, value = "–", isLong }) => (
        <div
          key={term}
          className={`flex flex-wrap content-start justify-between gap-x-4 text-sm/6 ${isLong ? "min-h-6 max-[23rem]:min-h-12" : "min-h-6"}`}
        >
          <dt className="text-text-quiet">{term}</dt>
          {/* A page translator may have the words, and leaves a plain figure alone. */}
          <dd translate={/^[\d–]/.test(value) ? "no" : undefined} className="tabular-nums">
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Every request that the wallet is going to get: who may take how much, until when, and what it costs. */
function RequestList({ requests }: { requests: readonly WalletRequest[] }) {
  return (
    <ol className="grid gap-3">
      {requests.map((request, index) => (
        <li key={request.id} className="grid gap-0.5">
          <p className="font-medium">{requestTitle(requests, index)}</p>
          <p className="text-text-quiet">{`${request.meaning} ${request.cost}`}</p>
          <p className="flex flex-wrap items-center gap-x-2 text-text-quiet">
            <span>Your wallet shows the contract</span>
            <Address address={request.contract} label="contract address" />
          </p>
        </li>
      ))}
    </ol>
  );
}

interface SigningDisclosureProps {
  /** Absent while no amount is valid, or while the wallet's allowance is not known. */
  requests?: readonly WalletRequest[];
  /** The exact number of tokens, where the summary shows fewer digits. */
  exactTokens?: string;
}

/** What the wallet will ask, before the button is pressed. It opens on demand and stays open while somebody types. */
export function SigningDisclosure({ requests, exactTokens }: SigningDisclosureProps) {
  return (
    <details className="group text-sm">
      <summary className="inline-flex min-h-9 cursor-pointer list-none items-center gap-1 rounded-md text-text-quiet hover:text-text">
        <span>What you will sign</span>
        <ChevronDown aria-hidden className="size-4 transition-transform duration-150 group-open:rotate-180" />
      </summary>
      <div className="grid gap-3 pt-1">
        {requests ? (
          <RequestList requests={requests} />
        ) : (
          <p className="text-text-quiet">Enter an amount to see each request that your wallet will show.</p>
        )}
        {exactTokens && <p className="text-text-quiet wrap-anywhere">{exactTokens}</p>}
      </div>
    </details>
  );
}
