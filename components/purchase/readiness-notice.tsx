import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/feedback";
import { ExternalLink } from "@/components/ui/link";
import type { PurchaseReadiness, ReadinessAction } from "@/lib/purchase/readiness";

interface ReadinessNoticeProps {
  readiness: Extract<PurchaseReadiness, { ready: false }>;
  onCheckAgain: () => void;
  checking: boolean;
  /** Address of the entity's page on Sonar, where wallets are linked. */
  setupUrl: string;
  supportUrl?: string;
  /** Opens the wallets to choose from. */
  onOtherWallet?: () => void;
}

/** The headings of refusals that concern the time: nothing is wrong with entity or wallet then. */
const TITLES: Partial<Record<ReadinessNoticeProps["readiness"]["reason"], string>> = {
  "outside-time-window": "Not this entity's time to commit",
  "sale-not-active": "Not open to this entity now",
};

/** A link to the next step on another site, if there is one. */
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

/** The label for checking again: after a step on another site, the user confirms that it is done. */
function checkLabel({ kind }: ReadinessAction): string {
  return kind === "liveness" || kind === "link-wallet" ? "Done – check again" : "Check again";
}

/** The reason why Sonar does not clear this purchase, and the next step. */
export function ReadinessNotice({ readiness, onCheckAgain, checking, onOtherWallet, ...links }: ReadinessNoticeProps) {
  const { reason, action, sentence } = readiness;
  return (
    <Callout
      tone="warn"
      title={TITLES[reason] ?? "Not cleared to commit"}
      action={
        <div className="flex flex-wrap items-center gap-3">
          <ElsewhereLink action={action} {...links} />
          {action.kind === "other-wallet" && onOtherWallet && (
            <Button variant="primary" onClick={onOtherWallet}>
              Use another wallet
            </Button>
          )}
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

interface OtherWalletNoticeProps {
  /** The entity that the wallet belongs to, if it is one of the user's. */
  ownerName?: string;
  /** The entity that was chosen to commit. */
  entityName: string;
  onOther: () => void;
}

/** Stands in the form's place while the connected wallet belongs to another entity: the sale would refuse its commitment. */
export function OtherWalletNotice({ ownerName, entityName, onOther }: OtherWalletNoticeProps) {
  const owner = ownerName ?? "another entity";
  return (
    <Callout
      tone="warn"
      title={`This wallet already belongs to ${owner}`}
      action={
        <Button variant="primary" onClick={onOther}>
          Use another wallet
        </Button>
      }
    >
      <p>{`In this sale, a wallet belongs to one entity for good. To commit as ${entityName}, use a wallet that no other entity has used.`}</p>
    </Callout>
  );
}
