import { errorActionLabel } from "@/lib/sale/error-action-words";
import type { PurchaseError } from "@/lib/sale/purchase-error";
import { FailureNotice } from "@/components/failure-notice";
import { SupportLink } from "@/components/support-link";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";

interface PurchaseFailureProps {
  error: PurchaseError;
  /** Puts the failure away; for some of them what is shown is read again too. */
  onDismiss: () => void;
  /** What that is called, where the kind of error does not say it. */
  label?: string;
  /** Something is being read again. */
  pending?: boolean;
  /** Path of the page, for signing in or connecting again. */
  returnTo: string;
}

/** Who said no in the wallet did not fail: that is told quietly. */
const QUIET: ReadonlySet<PurchaseError["kind"]> = new Set(["user-rejected", "transaction-cancelled", "busy"]);

/** Why nothing came of it, and the way on. What was typed is still there. */
export function PurchaseFailure({ error, onDismiss, label, pending = false, returnTo }: PurchaseFailureProps) {
  if (error.failure) return <FailureNotice failure={error.failure} onRetry={onDismiss} returnTo={returnTo} />;
  const button = (
    <Button pending={pending} onClick={() => !pending && onDismiss()}>
      {label ?? errorActionLabel(error.action) ?? "Close"}
    </Button>
  );
  return (
    <Callout tone={QUIET.has(error.kind) ? "quiet" : "bad"} action={button}>
      <p>{error.sentence}</p>
      {error.action === "report" && (
        <p className="mt-1 text-sm">
          <SupportLink />
        </p>
      )}
    </Callout>
  );
}
