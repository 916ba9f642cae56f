import type { ReactNode, Ref } from "react";
import { Check, Circle, LoaderCircle, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { FailureNotice } from "@/components/ui/failure-notice";
import { Callout } from "@/components/ui/feedback";
import { SupportLink } from "@/components/ui/support-link";
import { TransactionLink } from "@/components/wallet/address";
import { reloadPage } from "@/hooks/page-provider";
import { errorActionLabel } from "@/lib/purchase/errors/error-advice";
import type { PurchaseError } from "@/lib/purchase/errors/purchase-error";
import type { Decline } from "@/lib/purchase/decline";
import type { PendingTransaction } from "@/lib/purchase/pending";
import type { ConfirmedPurchase, SendNote, SendStep, SendStepId, TransactionKind } from "@/lib/purchase/progress";
import {
  currentHint,
  NOTHING_IN_WALLET,
  SENDING_TITLES,
  sendStepWords,
  type SendNames,
} from "@/lib/purchase/send-words";
import { changedText } from "@/lib/purchase/reduction";
import { shortenAddress } from "@/lib/sale/hex";
import { formatApproval, formatTokenAmount, type TokenUnit } from "@/lib/sale/money";

interface PlaceHeadingProps {
  children: ReactNode;
  /** It takes the focus when it comes in the place of something else. */
  ref?: Ref<HTMLHeadingElement>;
}

/** The heading of what has taken the form's place. */
export function PlaceHeading({ children, ref }: PlaceHeadingProps) {
  return (
    <h3 ref={ref} tabIndex={-1} className="rounded-md font-medium outline-offset-4">
      {children}
    </h3>
  );
}

interface SendStepListProps extends SendNames {
  kind: TransactionKind;
  steps: readonly SendStep[];
  note?: SendNote;
  /** What the wallet is asked for in a step: who may take how much, and until when. */
  meanings?: Partial<Record<SendStepId, string>>;
  /** The reason not to confirm what the wallet asks for. */
  decline?: Decline;
  /** The wallet has not answered for long. */
  unanswered?: boolean;
  explorerUrl?: string;
  heading?: Ref<HTMLHeadingElement>;
}

type ShownState = Exclude<SendStep["state"], "skipped">;

const LOOKS: Record<ShownState, { Icon: typeof Check; colour: string; text: string }> = {
  todo: { Icon: Circle, colour: "text-text-quiet", text: "to do" },
  now: { Icon: LoaderCircle, colour: "text-accent", text: "in progress" },
  done: { Icon: Check, colour: "text-ok", text: "done" },
  failed: { Icon: X, colour: "text-bad", text: "stopped" },
};

type StepRowProps = Omit<SendStepListProps, "steps" | "heading" | "meanings" | "decline" | "unanswered"> & {
  step: SendStep;
};

function StepRow({ step, kind, explorerUrl, ...names }: StepRowProps) {
  if (step.state === "skipped") return null;
  const { Icon, colour, text } = LOOKS[step.state];
  return (
    <li className="flex gap-[min(0.75rem,3vw)]" aria-current={step.state === "now" ? "step" : undefined}>
      <Icon
        aria-hidden
        className={`mt-1 size-[16px] shrink-0 ${colour} ${step.state === "now" ? "animate-spin" : ""}`}
      />
      <div className="min-w-0">
        <span className={step.state === "todo" ? "text-text-quiet" : undefined}>
          {sendStepWords(kind, step.id, names).title}
        </span>
        <span className="sr-only">{`, ${text}`}</span>
        {step.hash && <TransactionLink hash={step.hash} explorerUrl={explorerUrl} />}
      </div>
    </li>
  );
}

/** What the user has to do in the current step, and what it means. Below all steps: within them, it would move those that follow. */
function CurrentStep({ steps, kind, meanings, unanswered, ...words }: Omit<SendStepListProps, "heading">) {
  const step = steps.find(({ state }) => state === "now");
  const hint = step && currentHint(kind, step, words);
  const meaning = step && !step.hash && !words.decline && meanings?.[step.id];
  if (!hint && !meaning) return null;
  return (
    <div className="grid gap-1 border-t border-line pt-3 text-sm">
      {hint && <p className="font-medium">{hint}</p>}
      {meaning && <p className="text-text-quiet">{meaning}</p>}
      {unanswered && <p className="text-text-quiet">{NOTHING_IN_WALLET}</p>}
    </div>
  );
}

/** The steps of sending a transaction, each with its state, and the wallet's part in the current one. Steps that are not needed are left out. */
export function SendStepList({ steps, heading, meanings, ...rest }: SendStepListProps) {
  const { kind, amount } = rest;
  const { sending } = SENDING_TITLES[kind];
  const title = amount ? `${sending}: ${amount}` : sending;
  return (
    <div role="group" aria-label="Progress" className="grid gap-3 rounded-md bg-surface-sunken p-[min(1rem,4vw)]">
      <PlaceHeading ref={heading}>{title}</PlaceHeading>
      <ol className="grid gap-2">
        {steps.map((step) => (
          <StepRow key={step.id} step={step} {...rest} />
        ))}
      </ol>
      <CurrentStep steps={steps} meanings={meanings} {...rest} />
    </div>
  );
}

interface PendingNoticeProps {
  pending: PendingTransaction;
  token?: TokenUnit;
  explorerUrl?: string;
  /** It takes longer than usual. */
  slow: boolean;
  /** See `changedOtherwise`. */
  changedTo?: bigint;
  onForget: () => void;
  heading?: Ref<HTMLHeadingElement>;
}

const WHAT: Record<PendingTransaction["kind"], string> = {
  commit: "Your commitment",
  "reset-allowance": "The reset of your earlier approval",
  approve: "Your approval",
  reduce: "Your reduction",
  cancel: "Your cancellation",
  refund: "The claim of your refund",
};

const PERMIT_TIME =
  " Sonar's permit lasts about ten minutes. If it is signed later, the sale refuses it and takes nothing.";

/** What the wallet has said of a transaction that is known only by its effect. */
function walletAnswer({ hash, asked }: PendingTransaction): string {
  if (asked)
    return "was given to your wallet, and its answer is not known. Check in your wallet whether it was sent, or is still asked for.";
  if (hash === undefined)
    return "was given to your wallet, which returned no transaction. Check in your wallet whether it was sent, and whether others have to sign.";
  return "was given to your wallet. This account is a contract, so others may have to sign first. Check in its app.";
}

/** The rest of the sentence about such a transaction. */
function watchedText(pending: PendingTransaction): string {
  const permit = pending.kind === "commit" ? PERMIT_TIME : "";
  return `${walletAnswer(pending)} This page will notice when it takes effect, even after a reload.${permit}`;
}

function forgetLabel(changedTo: bigint | undefined): string {
  return changedTo === undefined
    ? "My wallet no longer shows it"
    : "It was carried out, or my wallet no longer shows it";
}

/** A transaction that was sent and has no outcome yet. It is never called failed, because that would invite the user to send it again. */
export function PendingNotice(props: PendingNoticeProps) {
  const { pending, token, explorerUrl, slow, changedTo, onForget, heading } = props;
  const { kind, hash, before } = pending;
  // A reset approves nothing, whatever follows it.
  const digits = kind === "reset-allowance" ? undefined : (pending.takenBack ?? pending.increment);
  const amount = token && digits !== undefined ? ` of ${formatTokenAmount(BigInt(digits), token)}` : "";
  return (
    <Callout action={(slow || before) && <Button onClick={onForget}>{forgetLabel(changedTo)}</Button>}>
      <PlaceHeading ref={heading}>Waiting for confirmation</PlaceHeading>
      <p className="text-text-quiet">
        <span>{`${WHAT[kind]}${amount} ${before ? watchedText(pending) : "was sent and is waiting to be confirmed."}`}</span>
        {hash && !before && <TransactionLink hash={hash} explorerUrl={explorerUrl} />}
      </p>
      {changedTo !== undefined && token && (kind === "reduce" || kind === "commit") && (
        <p className="mt-2">{changedText(kind, changedTo, token)}</p>
      )}
      {slow && !before && (
        <p className="mt-2 text-text-quiet">
          It is still pending. You can speed it up in your wallet. Continue here only if your wallet no longer lists it.
        </p>
      )}
    </Callout>
  );
}

interface PurchaseErrorNoticeProps {
  error: PurchaseError;
  /** Closes the notice; for some errors the page is refreshed too. */
  onDismiss: () => void;
  /** The button's label, if the error has none. */
  label?: string;
  /** A refresh is in progress. */
  pending?: boolean;
  /** Path of the page to return to after signing in or connecting again. */
  returnTo: string;
  /** The page's live region says the error, so this needs no role. */
  announced?: boolean;
}

/** A user rejection is not an error, so it is shown quietly. */
const QUIET: ReadonlySet<PurchaseError["kind"]> = new Set(["user-rejected", "transaction-cancelled", "busy"]);

/** The reason why nothing was committed, and the next step. The typed text is kept. */
export function PurchaseErrorNotice(props: PurchaseErrorNoticeProps) {
  const { error, onDismiss, label, pending = false, returnTo, announced } = props;
  if (error.failure)
    return <FailureNotice failure={error.failure} onRetry={onDismiss} returnTo={returnTo} announced={announced} />;
  const act = error.action === "reload-page" ? reloadPage : onDismiss;
  const button = (
    <Button pending={pending} onClick={() => !pending && act()}>
      {label ?? errorActionLabel(error.action) ?? "Close"}
    </Button>
  );
  return (
    <Callout tone={QUIET.has(error.kind) ? "quiet" : "bad"} action={button} announced={announced}>
      <p>{error.sentence}</p>
      {error.action === "report" && (
        <p className="mt-1 text-sm">
          <SupportLink />
        </p>
      )}
    </Callout>
  );
}

interface SendErrorProps extends Omit<PurchaseErrorNoticeProps, "announced"> {
  /** Absent for a transaction of an earlier page load. */
  kind?: TransactionKind;
  heading?: Ref<HTMLHeadingElement>;
}

/** An error in the place of the form, with a way back to it. A failure that only another page can mend has that button as well. */
export function SendError({ kind, heading, ...notice }: SendErrorProps) {
  const { failure } = notice.error;
  const leadsBack = !failure || failure.recovery === "retry";
  const title = kind ? SENDING_TITLES[kind].stopped : "Your transaction was stopped";
  return (
    <div className="grid gap-3">
      <PlaceHeading ref={heading}>{title}</PlaceHeading>
      <PurchaseErrorNotice {...notice} announced />
      {!leadsBack && (
        <div>
          <Button onClick={notice.onDismiss}>Back to the form</Button>
        </div>
      )}
    </div>
  );
}

interface ApprovalNoticeProps {
  outcome: ConfirmedPurchase;
  /** The token that was approved. */
  token?: TokenUnit;
  explorerUrl?: string;
  onDismiss: () => void;
  heading?: Ref<HTMLHeadingElement>;
}

/**
 * Names the wallet and the amount, because after a reload another wallet may be connected and the form may hold other text. Wallets let the
 * user change the spending cap, so only the chain's amount is called approved.
 */
function approvedText({ outcome: { kind, increment, approved, wallet }, token }: ApprovalNoticeProps): string {
  const next = `Nothing is committed yet. Continue with the wallet ${shortenAddress(wallet)}`;
  if (kind === "reset-allowance" && !approved)
    return increment === 0n ? `${next}.` : `${next}, which still needs to approve the amount.`;
  if (!token || approved === undefined) return `${next}. If it has not approved enough, you will be asked again.`;
  const amount = formatApproval(approved, token);
  if (approved > (increment ?? 0n))
    return `${next}: it has approved ${amount}, more than this commitment pays. You may be asked to approve the exact amount.`;
  if (approved === increment) return `${next}: it has approved ${amount}. For another amount, you may be asked again.`;
  return `${next}: it has approved ${amount}, but ${formatTokenAmount(increment ?? 0n, token)} is needed. Approve that much, or commit less.`;
}

/** An approval that was confirmed after a reload: the commitment that it was for has not been sent. */
export function ApprovalNotice(props: ApprovalNoticeProps) {
  const { outcome, explorerUrl, onDismiss, heading } = props;
  const { kind, approved, increment = 0n } = outcome;
  const isReset = kind === "reset-allowance" && !approved;
  const isTooLittle = approved !== undefined && approved < increment && !isReset;
  return (
    <Callout tone={isTooLittle ? "warn" : "ok"} action={<Button onClick={onDismiss}>Continue</Button>}>
      <PlaceHeading ref={heading}>
        {isReset ? "Your earlier approval is reset" : "Your approval is confirmed"}
      </PlaceHeading>
      <p className="text-text-quiet">
        <span>{approvedText(props)}</span>
        {outcome.hash && <TransactionLink hash={outcome.hash} explorerUrl={explorerUrl} />}
      </p>
    </Callout>
  );
}
