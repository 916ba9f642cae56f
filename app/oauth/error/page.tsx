import type { Metadata } from "next";
import { readVisitor, UNAVAILABLE, visitorPage } from "@/app/_home/visitor";
import type { ConnectTarget } from "@/components/auth/forms";
import { ErrorView } from "@/components/ui/error-view";
import { RecoveryAction } from "@/components/ui/failure-notice";
import { HomeLink } from "@/components/ui/link";
import type { SessionStatus } from "@/lib/account";
import type { Recovery } from "@/lib/failures";
import { registeredProviders } from "@/lib/providers/index";
import { failure, isFailureCode, isFailureReason, messageOf, type Failure } from "@/lib/result";

type Query = Record<string, string | string[] | undefined>;

/** Only names from the failure table are taken from the query; nothing else in it is ever shown. */
function failureFrom({ code, reason }: Query): Failure {
  if (typeof code !== "string" || !isFailureCode(code)) return failure("request/unexpected");
  return failure(code, typeof reason === "string" && isFailureReason(reason) ? { reason } : {});
}

/** A used callback cannot be tried again: the user connects again, or signs in first. */
function recoveryOf({ code, recovery }: Failure, session: SessionStatus): Recovery {
  if (!session.signedIn) return recovery === "none" ? "none" : "sign-in";
  return code.startsWith("oauth/") && recovery === "retry" ? "reconnect" : recovery;
}

/** Most failures that lead here come from connecting, but a `docs_url` of any failure leads here. */
function topicOf({ code }: Failure): "connecting" | "signing-in" | "signing-out" | "other" {
  if (code === "session/refused" || code.startsWith("login/")) return "signing-in";
  if (code === "session/not_ended" || code === "session/not_everywhere") return "signing-out";
  return /^(api|sale|chain)\//.test(code) && code !== "api/rate_limited" ? "other" : "connecting";
}

const TITLES = {
  connecting: "Not connected",
  "signing-in": "Not signed in",
  "signing-out": "Signed out in this browser only",
  other: "What went wrong",
} as const;

/** An attempt that failed has changed nothing, and what was there before it needs no repair. */
const UNCHANGED = {
  connecting: {
    title: "Your connection is unchanged",
    suggestion: "You are still connected, so nothing needs to be repaired.",
  },
  signedIn: {
    title: "You are still signed in",
    suggestion: "Your session is unchanged. To sign in as somebody else, sign out first.",
  },
} as const;

/** The heading, and whether the failed attempt has changed nothing. */
function outcomeOf(cause: Failure, session: SessionStatus, provider: string) {
  const topic = topicOf(cause);
  const isUnchanged =
    (topic === "connecting" && session.connected.includes(provider)) || (topic === "signing-in" && session.signedIn);
  const unchanged = isUnchanged ? UNCHANGED[topic === "connecting" ? "connecting" : "signedIn"] : undefined;
  return { topic, unchanged, title: unchanged?.title ?? TITLES[topic] };
}

interface About {
  /** Sonar if absent. */
  provider?: ConnectTarget;
  home: string;
  homeLabel: string;
}

/** The provider whose connection failed. The id is compared with the registry, and the name shown is the registry's. */
function aboutOf({ provider }: Query): About {
  const known = registeredProviders.find(({ id }) => id === provider);
  if (!known) return { home: "/", homeLabel: "Back to the sale" };
  const { id, name } = known;
  return { provider: { id, name }, home: "/connections", homeLabel: "Back to your connections" };
}

export async function generateMetadata({ searchParams }: { searchParams: Promise<Query> }): Promise<Metadata> {
  const query = await searchParams;
  const visitor = await readVisitor();
  if (!visitor.ok) return { title: UNAVAILABLE, robots: "noindex" };
  const { title } = outcomeOf(failureFrom(query), visitor.data, aboutOf(query).provider?.id ?? "sonar");
  return { title, robots: "noindex" };
}

/** The page after a failed connection or sign-in: what happened, what to do, and one button. */
export default async function OAuthErrorPage({ searchParams }: { searchParams: Promise<Query> }) {
  const query = await searchParams;
  return visitorPage((visitor) => explanation(query, visitor));
}

function explanation(query: Query, session: SessionStatus) {
  const cause = failureFrom(query);
  const { provider, home, homeLabel } = aboutOf(query);
  const { topic, unchanged, title } = outcomeOf(cause, session, provider?.id ?? "sonar");
  const recovery = topic === "other" ? "none" : recoveryOf(cause, session);
  const retry = { returnTo: home, provider };
  return (
    <ErrorView
      title={title}
      message={messageOf(cause, provider?.name ?? (topic === "other" ? "The service" : "Sonar"))}
      suggestion={unchanged?.suggestion ?? cause.suggestion}
      action={
        unchanged || recovery === "none" ? (
          <HomeLink href={home} label={homeLabel} />
        ) : (
          <RecoveryAction recovery={recovery} variant="primary" {...retry} />
        )
      }
      reference={cause.code}
    />
  );
}
