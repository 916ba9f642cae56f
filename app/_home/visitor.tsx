import type { ReactNode } from "react";
import { ErrorView } from "@/components/ui/error-view";
import { RetryButton } from "@/components/ui/failure-notice";
import { readSessionStatus, type SessionStatus } from "@/lib/account";
import { guarded } from "@/lib/http/guarded";
import { success, type Failure, type Result } from "@/lib/result";

/** The heading and the title of what is shown while nobody can be recognised. */
export const UNAVAILABLE = "This site is not available at the moment";

/** Stands in the place of a page, or of all of them, while the database cannot be reached. */
export function Unavailable({ failure }: { failure: Failure }) {
  return (
    <ErrorView
      title={UNAVAILABLE}
      message={failure.message}
      suggestion={failure.suggestion}
      action={<RetryButton returnTo="/" variant="primary" />}
      reference={failure.code}
    />
  );
}

/** The session status of this request, or the failure of reading it, which has one line in the log however often this is called. */
export function readVisitor(): Promise<Result<SessionStatus>> {
  return guarded("session", async () => success(await readSessionStatus()));
}

/**
 * A page that depends on its visitor. If the database fails, the page says so in words: an error thrown here would be shown as one that nobody
 * knows, also to a visitor who only follows a link while a layout from before the failure stays.
 */
export async function visitorPage(
  page: (visitor: SessionStatus) => ReactNode | Promise<ReactNode>,
): Promise<ReactNode> {
  const visitor = await readVisitor();
  return visitor.ok ? page(visitor.data) : <Unavailable failure={visitor.error} />;
}
