import type { Metadata } from "next";
import { ErrorView } from "@/components/error-view";
import { HomeLink } from "@/components/home-link";
import { RecoveryAction } from "@/components/recovery-action";
import { readSessionStatus, type SessionStatus } from "@/lib/account";
import type { Recovery } from "@/lib/failure-table";
import { failure, isFailureCode, isFailureReason, type Failure } from "@/lib/result";

export const metadata: Metadata = { title: "Not connected", robots: "noindex" };

/** Only names from the failure table are taken from the query: nothing else of it is ever shown. */
function failureFrom({ code, reason }: Record<string, string | string[] | undefined>): Failure {
  if (typeof code !== "string" || !isFailureCode(code)) return failure("request/unexpected");
  return failure(code, typeof reason === "string" && isFailureReason(reason) ? { reason } : {});
}

/** A used-up callback cannot be tried again: what follows a failed connection is a new one, or signing in if that is missing. */
function wayOn({ code, recovery }: Failure, session: SessionStatus): Recovery {
  if (!session.signedIn) return recovery === "none" ? "none" : "sign-in";
  return code.startsWith("oauth/") && recovery === "retry" ? "reconnect" : recovery;
}

/** After a failed connection: what happened, what to do, one button. */
export default async function OAuthErrorPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const problem = failureFrom(await searchParams);
  const session = await readSessionStatus();
  const connected = session.connected.includes("sonar");
  const recovery = wayOn(problem, session);
  return (
    <ErrorView
      title={connected ? "Your connection is unchanged" : "Not connected"}
      message={problem.message}
      suggestion={connected ? "You are still connected as before; there is nothing to repair." : problem.suggestion}
      action={
        connected || recovery === "none" ? (
          <HomeLink />
        ) : (
          <RecoveryAction recovery={recovery} variant="primary" returnTo="/" />
        )
      }
      reference={problem.code}
    />
  );
}
