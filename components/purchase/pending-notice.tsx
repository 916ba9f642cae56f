import type { PendingTransaction } from "@/lib/sale/pending-transaction";
import { formatTokenAmount, type TokenUnit } from "@/lib/sale/token";
import { TransactionLink } from "@/components/purchase/transaction-link";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";

interface PendingNoticeProps {
  pending: PendingTransaction;
  token?: TokenUnit;
  explorerUrl?: string;
  /** It takes longer than usual. */
  slow: boolean;
  onForget: () => void;
}

const WHAT: Record<PendingTransaction["kind"], string> = {
  commit: "Your commitment",
  "reset-allowance": "The reset of your earlier approval",
  approve: "Your approval",
  cancel: "Your cancellation",
  refund: "The claim of your refund",
};

/** A transaction that was sent and has no outcome yet. It is never called failed, which would invite to send it again. */
export function PendingNotice({ pending, token, explorerUrl, slow, onForget }: PendingNoticeProps) {
  const { kind, increment, hash } = pending;
  // A reset approves nothing, whatever comes after it.
  const hasAmount = token && increment !== undefined && kind !== "reset-allowance";
  const amount = hasAmount && ` of ${formatTokenAmount(BigInt(increment), token)}`;
  return (
    <div role="status">
      <Callout
        title="Waiting for confirmation"
        action={slow && <Button onClick={onForget}>It is gone from my wallet</Button>}
      >
        <p>
          {WHAT[kind]}
          {amount} was sent and is not in a block yet.
          <TransactionLink hash={hash} explorerUrl={explorerUrl} />
        </p>
        {slow && (
          <p className="mt-2">
            It is still pending. Look in your wallet: you can speed it up there. Only if your wallet no longer knows it,
            go on here.
          </p>
        )}
      </Callout>
    </div>
  );
}
