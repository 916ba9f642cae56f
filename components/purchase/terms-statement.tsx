import { useId, type Ref } from "react";
import { Callout } from "@/components/ui/feedback";
import { ExternalLink } from "@/components/ui/link";
import { site, type TermsConsent } from "@/lib/config/site";
import { messageOf, type Failure } from "@/lib/result";

/** A list in the site's language, in parts. A browser without this part of Intl gets commas. */
function listParts(labels: readonly string[]): { type: "element" | "literal"; value: string }[] {
  try {
    return new Intl.ListFormat(site.locale).formatToParts(labels);
  } catch {
    return labels.flatMap((value, index) => [
      ...(index > 0 ? [{ type: "literal" as const, value: ", " }] : []),
      { type: "element" as const, value },
    ]);
  }
}

/** The documents in one line, e.g. "Terms of sale, Privacy and Risks". They open in a new tab, so that no typed text is lost. */
function DocumentLinks({ documents }: Pick<TermsConsent, "documents">) {
  const links = documents.values();
  return listParts(documents.map(({ label }) => label)).map(({ type, value }, index) => {
    const link = type === "element" ? links.next().value : undefined;
    if (!link) return <span key={index}>{value}</span>;
    return (
      <ExternalLink key={index} href={link.href}>
        {value}
      </ExternalLink>
    );
  });
}

function Statement({ statement, documents }: TermsConsent) {
  return (
    <span>
      <span>{`${statement} `}</span>
      <DocumentLinks documents={documents} />
      <span>.</span>
    </span>
  );
}

/** Shown where the terms changed under the form: nothing was sent, and the new ones are above the button. */
export function ChangedTerms({ refusal }: { refusal: Failure }) {
  return (
    <Callout tone="warn" title={messageOf(refusal)}>
      <p>{refusal.suggestion}</p>
    </Callout>
  );
}

interface TermsStatementProps {
  terms: TermsConsent;
  /** For a checkbox: it is ticked for these terms. */
  ticked: boolean;
  onTick: (ticked: boolean) => void;
  /** The button was pressed without the tick. */
  missing: boolean;
  disabled: boolean;
  checkbox: Ref<HTMLInputElement>;
}

/** The words that the press accepts, with their documents. It stands directly above the button. */
export function TermsStatement({ terms, ticked, onTick, missing, disabled, checkbox }: TermsStatementProps) {
  const errorId = useId();
  if (terms.by === "press")
    return (
      <p className="text-sm text-text-quiet">
        <Statement {...terms} />
      </p>
    );
  return (
    <div className="grid text-sm">
      <label className="flex min-h-9 cursor-pointer items-start gap-3">
        <input
          ref={checkbox}
          type="checkbox"
          required
          className="mt-0.5 size-4 shrink-0 accent-accent"
          checked={ticked}
          onChange={({ target }) => !disabled && onTick(target.checked)}
          aria-invalid={missing || undefined}
          aria-describedby={errorId}
        />
        <Statement {...terms} />
      </label>
      <p id={errorId} aria-live="polite" className="text-bad">
        {missing && "Tick the box to accept the terms."}
      </p>
    </div>
  );
}
