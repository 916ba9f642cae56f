import { Suspense } from "react";
import type { Metadata } from "next";
import { readVisitor } from "@/app/_home/visitor";
import { getActivity } from "@/app/actions/sonar";
import { WaitingActivity } from "@/components/activity/activity-table";
import { EntryReceipt, MissingEntry } from "@/components/activity/entry-receipt";
import { FailureNotice } from "@/components/ui/failure-notice";
import { HomeLink } from "@/components/ui/link";
import { PrintButton } from "@/components/ui/print-button";
import { entryAddress } from "@/lib/activity/missing-blocks";
import { getEnv } from "@/lib/config/env";
import { blockInAddress } from "@/lib/sonar/inputs";

export const metadata: Metadata = { title: "Receipt" };

/** In seconds. The page's reads are abandoned after UPSTREAM_TIMEOUT_MS; a serverless host must not end them before that. */
export const maxDuration = 60;

/** The receipt of one of the user's own entries; anybody else's is not found. */
async function Receipt({ id, atBlock }: { id: string; atBlock: number | undefined }) {
  const activity = await getActivity({ atBlock });
  const { chain } = getEnv();
  if (!activity.ok) return <FailureNotice failure={activity.error} returnTo={entryAddress(id, atBlock)} />;
  const { entries, entities, missing } = activity.data;
  const entry = entries.find((one) => one.id === id);
  if (!entry || !chain) return <MissingEntry missing={missing} returnTo={entryAddress(id, atBlock)} />;
  return <EntryReceipt entry={entry} entries={entries} entities={entities} chain={chain.facts} />;
}

interface ReceiptPageProps {
  params: Promise<{ entry: string }>;
  /** `block`: that of the entry. A node that does not have it yet knows of no such entry. */
  searchParams: Promise<{ block?: string | string[] }>;
}

/** One entry of the user's activity, to keep or to print. */
export default async function ReceiptPage({ params, searchParams }: ReceiptPageProps) {
  const visitor = await readVisitor();
  const { entry } = await params;
  const { block } = await searchParams;
  if (!visitor.ok || !visitor.data.sonarConnected) return null;
  return (
    <div className="grid max-w-3xl gap-6">
      <div className="flex flex-wrap items-center justify-between gap-3 print:hidden">
        <HomeLink href="/activity" label="All activity" variant="quiet" />
        <PrintButton />
      </div>
      <Suspense fallback={<WaitingActivity />}>
        <Receipt id={entry} atBlock={blockInAddress(block)} />
      </Suspense>
    </div>
  );
}
