import { Callout } from "@/components/ui/feedback";
import { buttonClass } from "@/components/ui/link";
import { errorActionLabel } from "@/lib/purchase/errors/error-advice";

/** The attribute of a document whose own scripts did not all arrive. */
const INCOMPLETE = "data-incomplete";

/**
 * Runs in the page before everything else, as text. In a roll-out, an instance of another build may be asked for the page's scripts; without
 * them nothing on the page works, and no other code of it could say so. Code that is loaded later has notices of its own.
 */
function markIncomplete(attribute: string): void {
  const mark = ({ target }: Event) => {
    const isOwn = target instanceof HTMLScriptElement && target.src.includes("/_next/static/");
    if (isOwn) document.documentElement.setAttribute(attribute, "");
  };
  window.addEventListener("error", mark, true);
  window.addEventListener("load", () => window.removeEventListener("error", mark, true), { once: true });
}

/** The script's text, with nothing from outside in it. */
export const INCOMPLETE_SCRIPT = `(${markIncomplete.toString()})(${JSON.stringify(INCOMPLETE)})`;

/** Shown by a style alone, because no script of the page may run. */
export function IncompleteNotice() {
  return (
    <div
      role="alert"
      className="mx-auto hidden w-full max-w-6xl px-[min(1rem,5vw)] py-6 in-[[data-incomplete]]:block sm:px-6"
    >
      <Callout
        tone="warn"
        title="This page did not load completely"
        action={
          // The same address: a document load, which works without the scripts.
          <a href="" className={buttonClass("primary")}>
            {errorActionLabel("reload-page")}
          </a>
        }
      >
        <p>The site may have been updated a moment ago, or your connection was interrupted.</p>
      </Callout>
    </div>
  );
}
