import type { ErrorAction } from "@/lib/sale/explanation";

/** What the one button after a failure is called; undefined where nothing on this page helps. */
export function errorActionLabel(action: ErrorAction): string | undefined {
  switch (action) {
    case "retry":
    case "renew-permit":
    case "approve-again":
      return "Close and try again";
    case "reload":
      return "Read it again";
    case "change-amount":
    case "change-price":
    case "choose-lockup":
    case "choose-token":
      return "Change it";
    default:
      return undefined;
  }
}
