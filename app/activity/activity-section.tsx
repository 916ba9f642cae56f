"use client";

import { ActivityTable, WaitingActivity } from "@/components/activity/activity-table";
import { FailureNotice, RefreshNote, RetryButton } from "@/components/ui/failure-notice";
import { Callout } from "@/components/ui/feedback";
import { HomeLink } from "@/components/ui/link";
import { useActivity } from "@/hooks/use-activity";
import { toRead } from "@/lib/result";
import type { OwnActivity } from "@/lib/sonar/activity";

const PATH = "/activity";

/** What is said of entries that may be missing. */
const MISSING = {
  unread: {
    title: "Older entries could not be read",
    sentence: "The entries above are right, but there may be older ones.",
  },
  behind: {
    title: "Some entries are missing",
    sentence:
      "The sale's contract has recorded more than is listed here: a node of the chain is behind. This page checks again every few seconds.",
  },
};

/** Says honestly that the list may lack some. */
function MissingEntries({ older, onRetry, retrying }: MissingEntriesProps) {
  if (older === "none") return null;
  if (older === "to-search")
    return (
      <p role="status" className="text-text-quiet">
        Older blocks are still being searched. Older entries appear here as they are found.
      </p>
    );
  const { title, sentence } = MISSING[older];
  const action = <RetryButton returnTo={PATH} onRetry={onRetry} retrying={retrying} variant="secondary" />;
  return (
    <Callout tone="warn" title={title} action={action}>
      <p>{sentence}</p>
    </Callout>
  );
}

interface MissingEntriesProps {
  older: OwnActivity["older"];
  onRetry: () => void;
  retrying: boolean;
}

/** Names the entities of the list: one that Sonar leaves out for a time must not be missed without a word. */
function Covered({ entities }: Pick<OwnActivity, "entities">) {
  if (entities.length === 0) return null;
  return (
    <p className="text-sm text-text-quiet">
      <span>On Sonar&apos;s list now: </span>
      <bdi>{entities.map(({ name }) => name).join(", ")}</bdi>
    </p>
  );
}

/** The list of the user's activity, streamed with the page and then kept up to date. */
export function ActivitySection({ explorerUrl }: { explorerUrl?: string }) {
  const { activity, error, refetch, refreshing } = useActivity();
  const read = toRead({ data: activity, error });
  const retry = { returnTo: PATH, onRetry: refetch, retrying: refreshing };
  if (read.status === "loading") return <WaitingActivity />;
  if (read.status === "failed") return <FailureNotice failure={read.failure} {...retry} />;
  const { entries, entities, older } = read.value;
  return (
    <div className="grid gap-5">
      {read.refreshFailure && <RefreshNote failure={read.refreshFailure} {...retry} />}
      <Covered entities={entities} />
      {entries.length > 0 && <ActivityTable entries={entries} entities={entities} explorerUrl={explorerUrl} />}
      {entries.length === 0 && older === "none" && (
        <div className="grid justify-items-start gap-4">
          <p>
            {entities.length === 0
              ? "Sonar lists no entity of yours at the moment, so there is nothing to show."
              : "Nothing yet. Your commitments appear here as soon as the chain has confirmed them."}
          </p>
          <HomeLink label="Go to the sale" variant="secondary" />
        </div>
      )}
      <MissingEntries older={older} onRetry={refetch} retrying={refreshing} />
    </div>
  );
}
