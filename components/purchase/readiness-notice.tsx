import type { PurchaseReadiness, ReadinessAction } from "@/lib/purchase/readiness";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/feedback";
import { ExternalLink } from "@/components/ui/link";

interface ReadinessNoticeProps {
  readiness: Extract<PurchaseReadiness, { ready: false }>;
  onCheckAgain: () => void;
  checking: boolean;
  /** Sonar's page of the entity, where wallets are linked. */
  setupUrl: string;
  supportUrl?: string;
}

/** The way forward on another site, where there is one. */
function ElsewhereLink({
  action,
  setupUrl,
  supportUrl,
}: {
  action: ReadinessAction;
  setupUrl: string;
  supportUrl?: string;
}) {
  if (action.kind === "liveness")
    return (
      <ExternalLink href={action.url} variant="primary">
        Open the face check
      </ExternalLink>
    );
  if (action.kind === "link-wallet")
    return (
      <ExternalLink href={setupUrl} variant="primary">
        Link the wallet on Sonar
      </ExternalLink>
    );
  if (action.kind === "support" && supportUrl)
    return (
      <ExternalLink href={supportUrl} variant="secondary">
        Ask for help
      </ExternalLink>
    );
  return null;
}

/** What it is called to check again: for what was done elsewhere, the user says that it is done. */
function checkLabel({ kind }: ReadinessAction): string {
  return kind === "liveness" || kind === "link-wallet" ? "I have done it – check again" : "Check again";
}

/** Why Sonar does not clear this purchase, and what can be done about it. */
export function ReadinessNotice({ readiness, onCheckAgain, checking, ...links }: ReadinessNoticeProps) {
  const { action, sentence } = readiness;
  return (
    <Callout
      tone="warn"
      title="Not cleared to commit"
      action={
        <div className="flex flex-wrap items-center gap-3">
          <ElsewhereLink action={action} {...links} />
          <Button pending={checking} onClick={() => !checking && onCheckAgain()}>
            {checkLabel(action)}
          </Button>
        </div>
      }
    >
      <p>{sentence}</p>
    </Callout>
  );
}
