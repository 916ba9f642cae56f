import type { Failure } from "@/lib/result";
import { RecoveryAction } from "@/components/recovery-action";
import type { Retry } from "@/components/retry-button";
import { SupportLink } from "@/components/support-link";
import { Callout } from "@/components/ui/callout";
import type { ButtonVariant } from "@/components/ui/button-class";

interface FailureNoticeProps extends Retry {
  failure: Failure;
  variant?: ButtonVariant;
}

/** A failure where it happened: what, what to do, one button, and the code for whoever has to be asked, with the way to them. */
export function FailureNotice({ failure, variant = "secondary", ...retry }: FailureNoticeProps) {
  const action =
    failure.recovery === "none" ? undefined : (
      <RecoveryAction recovery={failure.recovery} variant={variant} {...retry} />
    );
  return (
    <Callout tone="bad" title={failure.message} action={action}>
      <p>{failure.suggestion}</p>
      <p className="mt-1 flex flex-wrap gap-x-4 text-sm">
        <span className="font-mono">{failure.code}</span>
        <SupportLink />
      </p>
    </Callout>
  );
}
