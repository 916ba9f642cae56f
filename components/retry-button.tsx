import { Button } from "@/components/ui/button";
import type { ButtonVariant } from "@/components/ui/button-class";
import { buttonClass } from "@/components/ui/button-class";

/** How a part of the page tries again. Without a callback it loads the page anew, which works without JavaScript too. */
export interface Retry {
  /** Path of the page, for the reload. */
  returnTo: string;
  onRetry?: () => void;
  /** A new attempt is under way. */
  retrying?: boolean;
}

/** "Try again". */
export function RetryButton({ returnTo, onRetry, retrying = false, variant }: Retry & { variant: ButtonVariant }) {
  if (!onRetry) {
    // A link of Next would answer from its cache; only the document itself asks again.
    return (
      <a href={returnTo} className={buttonClass(variant)}>
        Try again
      </a>
    );
  }
  return (
    <Button variant={variant} pending={retrying} onClick={() => !retrying && onRetry()}>
      Try again
    </Button>
  );
}
