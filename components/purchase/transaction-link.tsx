import { shortenAddress } from "@/lib/sale/amounts";
import { ExternalLink } from "@/components/ui/external-link";
import { CopyButton } from "@/components/ui/copy-button";

/** A transaction: its page in the explorer, or its hash to copy where there is no explorer. */
export function TransactionLink({ hash, explorerUrl }: { hash: string; explorerUrl?: string }) {
  return (
    <span className="ml-2 inline-flex items-center gap-1 text-sm">
      {explorerUrl ? (
        <ExternalLink href={`${explorerUrl}/tx/${hash}`}>View transaction</ExternalLink>
      ) : (
        <>
          <span className="font-mono" title={hash}>
            {shortenAddress(hash)}
          </span>
          <CopyButton text={hash} label="transaction hash" />
        </>
      )}
    </span>
  );
}
