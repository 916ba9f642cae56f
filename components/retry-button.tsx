import type { ConnectTarget } from "@/components/auth/connect-target";
import { Button } from "@/components/ui/button";
import type { ButtonVariant } from "@/components/ui/button-class";
import { buttonClass } from "@/components/ui/button-class";

/** How a part of the page tries again. Without a callback it loads the page anew, which works without JavaScript too. */
export interface Retry {
  /** Path of the page, for the reload. */
  returnTo: string;
  /** What connecting again connects to; absent: Sonar. */
  provider?: ConnectTarget;
  onRetry?: () => void;
  /** A new attempt is under way. */
  retrying?: boolean;
}

interface RetryButtonProps extends Retry {
  variant: ButtonVariant;
  label?: string;
}

/** "Try again", or whatever the new attempt is called where it stands. */
export function RetryButton({ returnTo, onRetry, retrying = false, variant, label = "Try again" }: RetryButtonProps) {
  if (!onRetry) {
    // A link of Next would answer from its cache; only the document itself asks again.
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
