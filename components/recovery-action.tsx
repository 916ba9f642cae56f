import type { Recovery } from "@/lib/failure-table";
import { ConnectForm } from "@/components/auth/connect-form";
import { SignInForm } from "@/components/auth/sign-in-form";
import type { Retry } from "@/components/retry-button";
import { RetryButton } from "@/components/retry-button";
import type { ButtonVariant } from "@/components/ui/button-class";

interface RecoveryActionProps extends Retry {
  recovery: Recovery;
  /** Of "Try again"; the two forms are always primary, since nothing else can be done before them. */
  variant: ButtonVariant;
}

/** The one button that gets a user out of a failure, where there is one. */
export function RecoveryAction({ recovery, variant, ...retry }: RecoveryActionProps) {
  switch (recovery) {
    case "retry":
      return <RetryButton {...retry} variant={variant} />;
    case "reconnect":
      return <ConnectForm returnTo={retry.returnTo} provider={retry.provider} again />;
    case "sign-in":
      return <SignInForm />;
    case "none":
      return null;
  }
}
