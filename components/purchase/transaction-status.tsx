import { Check, Circle, LoaderCircle, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { FailureNotice } from "@/components/ui/failure-notice";
import { Callout } from "@/components/ui/feedback";
import { SupportLink } from "@/components/ui/support-link";
import { TransactionLink } from "@/components/wallet/address";
import { errorActionLabel } from "@/lib/purchase/errors/error-advice";
import type { PurchaseError } from "@/lib/purchase/errors/purchase-error";
import type { PendingTransaction } from "@/lib/purchase/pending";
import {
  sendStepWords,
  type ConfirmedPurchase,
  type SendNote,
  type SendStep,
  type TransactionKind,
} from "@/lib/purchase/progress";
import { shortenAddress } from "@/lib/sale/hex";
import { formatTokenAmount, type TokenUnit } from "@/lib/sale/money";

interface SendStepListProps {
  kind: TransactionKind;
  steps: readonly SendStep[];
  note?: SendNote;
  explorerUrl?: string;
}

type ShownState = Exclude<SendStep["state"], "skipped">;

const LOOKS: Record<ShownState, { Icon: typeof Check; colour: string; text: string }> = {
  todo: { Icon: Circle, colour: "text-text-quiet", text: "to do" },
  now: { Icon: LoaderCircle, colour: "text-accent", text: "in progress" },
  done: { Icon: Check, colour: "text-ok", text: "done" },
  failed: { Icon: X, colour: "text-bad", text: "stopped" },
};

type StepRowProps = Omit<SendStepListProps, "steps"> & { step: SendStep };

function StepRow({ step, kind, note, explorerUrl }: StepRowProps) {
  if (step.state === "skipped") return null;
  const { Icon, colour, text } = LOOKS[step.state];
  const { title, hint } = sendStepWords(kind, step.id, note);
  return (
    <li className="flex gap-[min(0.75rem,3vw)]" aria-current={step.state === "now" ? "step" : undefined}>
      <Icon
        aria-hidden
        className={`mt-1 size-[16px] shrink-0 ${colour} ${step.state === "now" ? "animate-spin" : ""}`}
      />
      <div className="min-w-0">
        <span className={step.state === "todo" ? "text-text-quiet" : undefined}>{title}</span>
        <span className="sr-only">{`, ${text}`}</span>
        {step.hash && <TransactionLink hash={step.hash} explorerUrl={explorerUrl} />}
        {step.state === "now" && hint && <p className="text-sm text-text-quiet">{hint}</p>}
      </div>
    </li>
  );
}

/** The steps of sending a transaction, each with its state and the wallet's part in it. Steps that are not needed are left out. */
export function SendStepList({ steps, ...rest }: SendStepListProps) {
  return (
    <ol aria-label="Progress" aria-live="polite" className="grid gap-2 rounded-md bg-surface-sunken p-[min(1rem,4vw)]">
      {steps.map((step) => (
        <StepRow key={step.id} step={step} {...rest} />
      ))}
    </ol>
  );
}

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
  reduce: "Your reduction",
  cancel: "Your cancellation",
  refund: "The claim of your refund",
};

/** The rest of the sentence about a transaction that is known only by its effect. */
function watchedText({ kind, hash }: PendingTransaction): string {
  const state =
    hash === undefined
      ? "was given to your wallet, which returned no transaction. Check in your wallet whether it was sent, and whether others have to sign."
      : "was given to your wallet. This account is a contract, so others may have to sign first. Check in its app.";
  const permit =
    kind === "commit"
      ? " Sonar's permit lasts about ten minutes. If it is signed later, the sale refuses it and takes nothing."
      : "";
  return `${state} This page will notice when it takes effect, even after a reload.${permit}`;
}

/** A transaction that was sent and has no outcome yet. It is never called failed, because that would invite the user to send it again. */
export function PendingNotice({ pending, token, explorerUrl, slow, onForget }: PendingNoticeProps) {
  const { kind, hash, before } = pending;
  // A reset approves nothing, whatever follows it.
  const digits = kind === "reset-allowance" ? undefined : (pending.takenBack ?? pending.increment);
  const amount = token && digits !== undefined ? ` of ${formatTokenAmount(BigInt(digits), token)}` : "";
  return (
    <div role="status">
      <Callout
        title="Waiting for confirmation"
        action={(slow || before) && <Button onClick={onForget}>My wallet no longer shows it</Button>}
      >
        <p>
          <span>{`${WHAT[kind]}${amount} ${before ? watchedText(pending) : "was sent and is waiting to be confirmed."}`}</span>
          {hash && !before && <TransactionLink hash={hash} explorerUrl={explorerUrl} />}
        </p>
        {slow && !before && (
          <p className="mt-2">
            It is still pending. You can speed it up in your wallet. Continue here only if your wallet no longer lists
            it.
          </p>
        )}
      </Callout>
    </div>
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
}

/** A user rejection is not an error, so it is shown quietly. */
const QUIET: ReadonlySet<PurchaseError["kind"]> = new Set(["user-rejected", "transaction-cancelled", "busy"]);

/** The reason why nothing was committed, and the next step. The typed text is kept. */
export function PurchaseErrorNotice({ error, onDismiss, label, pending = false, returnTo }: PurchaseErrorNoticeProps) {
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

interface PurchaseSuccessProps {
  outcome: ConfirmedPurchase;
  /** The token that was paid with, or that returned. */
  token?: TokenUnit;
  /** The symbols of all tokens in the entity's total. */
  totalSymbol?: string;
  /** True if a part of the commitment was accepted, which a cancellation leaves in the sale. */
  keepsAccepted?: boolean;
  explorerUrl?: string;
  onDismiss: () => void;
}

const TITLES: Record<ConfirmedPurchase["kind"], string> = {
  commit: "Your commitment is confirmed",
  "reset-allowance": "Your earlier approval is reset",
  approve: "Your approval is confirmed",
  reduce: "Your commitment is reduced",
  cancel: "Your commitment is cancelled",
  refund: "Your refund is paid",
};

type OutcomeInput = Pick<PurchaseSuccessProps, "outcome" | "token" | "totalSymbol" | "keepsAccepted">;

function committedText({ outcome, token, totalSymbol }: OutcomeInput): string {
  const { increment = 0n, total } = outcome;
  if (!token || total === undefined) return "It is confirmed on the chain.";
  const sum = `Your entity's total is ${formatTokenAmount(total, { ...token, symbol: totalSymbol ?? token.symbol })}.`;
  return increment > 0n ? `${formatTokenAmount(increment, token)} committed. ${sum}` : sum;
}

function reducedText({ outcome: { takenBack, total }, token, totalSymbol }: OutcomeInput): string {
  if (!token || takenBack === undefined || total === undefined) return "The money returned to where it came from.";
  const rest = formatTokenAmount(total, { ...token, symbol: totalSymbol ?? token.symbol });
  return `${formatTokenAmount(takenBack, token)} returned to where it came from. Your entity's total is ${rest}.`;
}

/** Names the wallet and the amount, because after a reload another wallet may be connected and the form may hold other text. */
function approvedText({ outcome: { increment, wallet }, token }: OutcomeInput): string {
  const owner = `the wallet ${shortenAddress(wallet)}`;
  const amount = token && increment !== undefined ? formatTokenAmount(increment, token) : "the amount";
  return `Nothing is committed yet. Continue below with ${owner}: it has approved ${amount}, so you won't need to approve again up to that amount.`;
}

function sentenceOf(input: OutcomeInput): string {
  switch (input.outcome.kind) {
    case "commit":
      return committedText(input);
    case "reset-allowance":
      return `Nothing is committed yet. Continue below with the wallet ${shortenAddress(input.outcome.wallet)}, which still needs to approve the amount.`;
    case "approve":
      return approvedText(input);
    case "reduce":
      return reducedText(input);
    case "cancel":
      return input.keepsAccepted
        ? "Everything that was not accepted was returned to the wallets it came from. The accepted part stays in the sale."
        : "Everything was returned to the wallets it came from.";
    case "refund":
      return "The amount that was not accepted was returned to the wallets it came from.";
  }
}

/** The confirmed outcome, with its transaction. */
export function PurchaseSuccess({ explorerUrl, onDismiss, ...input }: PurchaseSuccessProps) {
  const { outcome } = input;
  return (
    <div role="status">
      <Callout tone="ok" title={TITLES[outcome.kind]} action={<Button onClick={onDismiss}>Close</Button>}>
        <p>
          <span>{`${sentenceOf(input)}${outcome.hash ? "" : " Your wallet lists the transaction."}`}</span>
          {outcome.hash && <TransactionLink hash={outcome.hash} explorerUrl={explorerUrl} />}
        </p>
      </Callout>
    </div>
  );
}
