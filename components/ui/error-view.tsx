import type { ReactNode } from "react";
import { SupportLink } from "@/components/ui/support-link";

/**
 * The code of a server error in the logs, and nothing else: an error's message may hold anything, and a value thrown in the browser need
 * not be an Error.
 */
export function errorDigest(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("digest" in error)) return undefined;
  return typeof error.digest === "string" ? error.digest : undefined;
}

interface ErrorViewProps {
  title: string;
  /** Says what happened. */
  message: string;
  /** Says what to do about it. */
  suggestion: string;
  /** The only button. */
  action: ReactNode;
  /** A code with which the operator finds the cause in the logs. */
  reference?: string;
}

/** A page that only shows an error. */
export function ErrorView({ title, message, suggestion, action, reference }: ErrorViewProps) {
  return (
    <main className="mx-auto grid max-w-xl gap-6 px-[min(1rem,5vw)] py-16 sm:px-6 sm:py-24">
      <div>
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        <p className="mt-3 text-lg">{message}</p>
        <p className="mt-1 text-lg text-text-quiet">{suggestion}</p>
      </div>
      <div>{action}</div>
      <p className="flex flex-wrap gap-x-4 border-t border-line pt-4 text-sm text-text-quiet empty:hidden">
        {reference && (
          <span>
            <span>{"Reference: "}</span>
            <span translate="no" className="font-mono">
              {reference}
            </span>
          </span>
        )}
        <SupportLink />
      </p>
    </main>
  );
}
