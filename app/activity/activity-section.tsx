"use client";

import { useQueryClient } from "@tanstack/react-query";
import { ActivityTable, WaitingActivity } from "@/components/activity/activity-table";
import { FailureNotice, RefreshNote, RetryButton } from "@/components/ui/failure-notice";
import { Callout } from "@/components/ui/feedback";
import { buttonClass, HomeLink } from "@/components/ui/link";
import { useActivity } from "@/hooks/use-activity";
import { useFloor, useStoredFloor } from "@/hooks/use-chain-floor";
import { fileAddress } from "@/lib/activity/missing-blocks";
import { toRead } from "@/lib/result";
import type { SaleChain } from "@/lib/sale/state";
import type { OwnActivity } from "@/lib/sonar/activity";

const PATH = "/activity";

/** What is said of entries that may be missing. */
const MISSING = {
  unread: {
    title: "Older entries could not be read",
    sentence: "The entries above are right, but there may be older ones.",
  },
  outdated: {
    title: "Newer entries may be missing",
    sentence: "This site has not seen the chain's newest blocks yet. This page checks again every few seconds.",
  },
  behind: {
    title: "Some entries are missing",
    sentence:
      "The sale's contract has recorded more than is listed here: a node of the chain is behind. This page checks again every few seconds.",
  },
};

/** Says honestly that the list may lack some. */
function MissingEntries({ missing, onRetry, retrying }: MissingEntriesProps) {
  if (missing === "none") return null;
  if (missing === "to-search")
    return (
      <p role="status" className="text-text-quiet">
        Older blocks are still being searched. Older entries appear here as they are found.
      </p>
    );
  const { title, sentence } = MISSING[missing];
  const action = <RetryButton returnTo={PATH} onRetry={onRetry} retrying={retrying} variant="secondary" />;
  return (
    <Callout tone="warn" title={title} action={action}>
      <p>{sentence}</p>
    </Callout>
  );
}

interface MissingEntriesProps {
  missing: OwnActivity["missing"];
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

/**
 * The way to the file. It names the newest block that the page or the user's last transaction has shown, without which the server makes none: also
 * while the list is not there yet.
 */
export function FileLink({ chain }: { chain?: SaleChain }) {
  const seen = useFloor("seen");
  useStoredFloor(useQueryClient(), chain);
  return (
    <a href={fileAddress(seen?.block)} className={buttonClass("secondary")}>
      Download CSV
    </a>
  );
}

/** The list of the user's activity, streamed with the page and then kept up to date. */
export function ActivitySection({ chain }: { chain?: SaleChain }) {
  const { activity, error, refetch, refreshing } = useActivity(chain);
  const read = toRead({ data: activity, error });
  const retry = { returnTo: PATH, onRetry: refetch, retrying: refreshing };
  if (read.status === "loading") return <WaitingActivity />;
  if (read.status === "failed") return <FailureNotice failure={read.failure} {...retry} />;
  const { entries, entities, missing } = read.value;
  return (
    <div className="grid gap-5">
      {read.refreshFailure && <RefreshNote failure={read.refreshFailure} {...retry} />}
      <Covered entities={entities} />
      {entries.length > 0 && <ActivityTable entries={entries} entities={entities} explorerUrl={chain?.explorerUrl} />}
      {entries.length === 0 && (entities.length === 0 || missing === "none") && (
        <div className="grid justify-items-start gap-4">
          <p>
            {entities.length === 0
              ? "Sonar lists no entity of yours at the moment, so there is nothing to show."
              : "Nothing yet. Your commitments appear here as soon as the chain has confirmed them."}
          </p>
          <HomeLink label="Go to the sale" variant="secondary" />
        </div>
      )}
      <MissingEntries missing={missing} onRetry={refetch} retrying={refreshing} />
    </div>
  );
}
