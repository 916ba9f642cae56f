"use client";

import { useId, useRef, useState, type SyntheticEvent } from "react";
import { Button } from "@/components/ui/button";
import { FailureNotice } from "@/components/ui/failure-notice";
import { ExternalLink } from "@/components/ui/link";
import { site, type TermsConsent } from "@/lib/config/site";
import type { Failure } from "@/lib/result";

interface DocumentLinksProps {
  documents: TermsConsent["documents"];
}

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
function DocumentLinks({ documents }: DocumentLinksProps) {
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

interface TermsFormProps {
  /** The refusal that these terms lift; its `terms` are shown. */
  refusal: Failure & { terms: TermsConsent };
  onAccept: (version: string) => void;
  accepting: boolean;
  /** The reason why the acceptance was not recorded. */
  failure?: Failure;
  /** Path of the page to return to after signing in again. */
  returnTo: string;
}

/** The terms that changed while they were shown take their place. */
function shownRefusal({ refusal, failure }: Pick<TermsFormProps, "refusal" | "failure">) {
  const terms = failure?.terms;
  return failure && terms ? { ...failure, terms } : refusal;
}

interface FailureBelowProps {
  failure: Failure;
  returnTo: string;
}

/** The form's own button tries again, so only a lost session brings a second one. */
function FailureBelow({ failure, returnTo }: FailureBelowProps) {
  const recovery = failure.recovery === "retry" ? "none" : failure.recovery;
  return <FailureNotice failure={{ ...failure, recovery }} returnTo={returnTo} />;
}

/**
 * Asks for consent to the terms of the sale, in the place of the commitment form and at least as high as its skeleton: nothing below
 * moves. The tick belongs to one version, so terms that change under it are not ticked.
 */
export function TermsForm({ onAccept, accepting, returnTo, ...state }: TermsFormProps) {
  const [ticked, setTicked] = useState<string>();
  const [tried, setTried] = useState(false);
  const checkbox = useRef<HTMLInputElement>(null);
  const errorId = useId();
  const { message, suggestion, terms } = shownRefusal(state);
  const { failure } = state;
  const accepted = ticked === terms.version;
  const isMissing = tried && !accepted;

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (accepting) return;
    setTried(true);
    if (accepted) onAccept(terms.version);
    else checkbox.current?.focus();
  }

  return (
    <form
      noValidate
      onSubmit={submit}
      aria-label="Terms of the sale"
      className="grid min-h-87 content-start justify-items-start gap-4"
    >
      <p role="status">{`${message} ${suggestion}`}</p>
      <div className="grid gap-1.5">
        <label className="flex min-h-9 cursor-pointer items-start gap-3">
          <input
            ref={checkbox}
            type="checkbox"
            required
            className="mt-1 size-4 shrink-0 accent-accent"
            checked={accepted}
            onChange={({ target }) => !accepting && setTicked(target.checked ? terms.version : undefined)}
            aria-invalid={isMissing || undefined}
            aria-describedby={errorId}
          />
          <span>
            <span>{`${terms.statement} `}</span>
            <DocumentLinks documents={terms.documents} />
          </span>
        </label>
        <p id={errorId} aria-live="polite" className="min-h-5 text-sm text-bad">
          {isMissing && "Tick the box to accept the terms."}
        </p>
      </div>
      <Button type="submit" variant={failure?.recovery === "sign-in" ? "secondary" : "primary"} pending={accepting}>
        Accept and continue
      </Button>
      {failure && !failure.terms && <FailureBelow failure={failure} returnTo={returnTo} />}
    </form>
  );
}
