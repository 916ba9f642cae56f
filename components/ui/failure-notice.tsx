import { ConnectForm, SignInForm, type ConnectTarget } from "@/components/auth/forms";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/feedback";
import { buttonClass, type ButtonVariant } from "@/components/ui/link";
import { SupportLink } from "@/components/ui/support-link";
import { reloadPage } from "@/hooks/page-provider";
import type { Recovery } from "@/lib/failures";
import { errorActionLabel } from "@/lib/purchase/errors/error-advice";
import { messageOf, type Failure } from "@/lib/result";

/** The way in which a part of the page tries again. Without a callback it reloads the page, which works without JavaScript too. */
export interface Retry {
  /** Path of the page, for the reload. */
  returnTo: string;
  /** The provider to connect to again; Sonar if absent. */
  provider?: ConnectTarget;
  onRetry?: () => void;
  /** A new attempt is in progress. */
  retrying?: boolean;
}

interface RetryButtonProps extends Retry {
  variant: ButtonVariant;
  label?: string;
}

/** "Try again", or a more specific label. */
export function RetryButton({ returnTo, onRetry, retrying = false, variant, label = "Try again" }: RetryButtonProps) {
  if (!onRetry) {
    // A Next link would answer from its cache; only a document load asks again.
    return (
      <a href={returnTo} className={buttonClass(variant)}>
        {label}
      </a>
    );
  }
  return (
    <Button variant={variant} pending={retrying} onClick={() => !retrying && onRetry()}>
      {label}
    </Button>
  );
}

/** Loads the page itself again: after a roll-out, the site no longer has the code of pages that were opened before. */
export function ReloadPageButton() {
  return <Button onClick={reloadPage}>{errorActionLabel("reload-page")}</Button>;
}

interface RecoveryActionProps extends Retry {
  recovery: Recovery;
  /** The variant of "Try again". The two forms are always primary, since nothing else can be done before them. */
  variant: ButtonVariant;
}

/** The button that leads out of a failure, if there is one. */
export function RecoveryAction({ recovery, variant, ...retry }: RecoveryActionProps) {
  switch (recovery) {
    case "retry":
      return <RetryButton {...retry} variant={variant} />;
    case "reload":
      return <ReloadPageButton />;
    case "reconnect":
      return <ConnectForm returnTo={retry.returnTo} provider={retry.provider} again />;
    case "sign-in":
      return <SignInForm />;
    // The form shows the terms above its button.
    case "accept-terms":
    case "none":
      return null;
  }
}

interface FailureNoticeProps extends Retry {
  failure: Failure;
  variant?: ButtonVariant;
  /** See `Callout`. */
  announced?: boolean;
}

/** A failure at the place where it happened: what happened, what to do, one button, and the code and contact for support. */
export function FailureNotice({ failure, variant = "secondary", announced, ...retry }: FailureNoticeProps) {
  const action =
    failure.recovery === "none" ? undefined : (
      <RecoveryAction recovery={failure.recovery} variant={variant} {...retry} />
    );
  return (
    <Callout tone="bad" title={messageOf(failure, retry.provider?.name)} action={action} announced={announced}>
      <p>{failure.suggestion}</p>
      <p className="mt-1 flex flex-wrap gap-x-4 text-sm">
        <span>
          <span>{"Reference: "}</span>
          <span translate="no" className="font-mono">
            {failure.code}
          </span>
        </span>
        <SupportLink />
      </p>
    </Callout>
  );
}

interface RefreshNoteProps extends Retry {
  failure: Failure;
}

/** Says quietly that the data could not be refreshed: data that was good a moment ago is better than an error. */
export function RefreshNote({ failure, ...retry }: RefreshNoteProps) {
  return (
    <div role="status" className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-sm text-text-quiet">
      <p className="min-w-0 flex-1 basis-48">
        {`This may be out of date. ${messageOf(failure, retry.provider?.name)}`}
      </p>
      {failure.recovery === "retry" && <RetryButton {...retry} variant="quiet" />}
      {failure.recovery === "reload" && <ReloadPageButton />}
    </div>
  );
}
