import { Suspense } from "react";
import type { Metadata } from "next";
import { readVisitor } from "@/app/_home/visitor";
import { ActivitySection, FileLink } from "@/app/activity/activity-section";
import { fileAddress } from "@/lib/activity/missing-blocks";
import { getActivity } from "@/app/actions/sonar";
import { WaitingActivity } from "@/components/activity/activity-table";
import { FailureNotice } from "@/components/ui/failure-notice";
import { PrintButton } from "@/components/ui/print-button";
import { SeedsProvider } from "@/hooks/page-provider";
import { getEnv } from "@/lib/config/env";
import { failure, isFailureCode } from "@/lib/result";
import { blockInAddress } from "@/lib/sonar/inputs";

export const metadata: Metadata = { title: "Activity" };

/** In seconds. The page's reads are abandoned after UPSTREAM_TIMEOUT_MS; a serverless host must not end them before that. */
export const maxDuration = 60;

interface ActivityPageProps {
  /** `file`: the code of a failure that the CSV file ended in; `block`: that it was asked for at. */
  searchParams: Promise<{ file?: string | string[]; block?: string | string[] }>;
}

/** Everything that the user's entities did in the sale, with a file for bookkeeping. */
export default async function ActivityPage({ searchParams }: ActivityPageProps) {
  const visitor = await readVisitor();
  const { file, block } = await searchParams;
  const chain = getEnv().chain?.facts;
  return (
    <SeedsProvider seeds={visitor.ok && visitor.data.sonarConnected ? { activity: getActivity({}) } : {}}>
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div>
          <h1 className="text-xl font-semibold tracking-tight">Activity</h1>
          <p className="mt-1 max-w-prose text-text-quiet">
            What your entities did in the sale, as the chain has recorded it. Times are in UTC.
          </p>
        </div>
        <div className="flex flex-wrap gap-3 print:hidden">
          <FileLink chain={chain} />
          <PrintButton />
        </div>
      </div>
      {typeof file === "string" && isFailureCode(file) && (
        <FailureNotice failure={failure(file)} returnTo={fileAddress(blockInAddress(block))} />
      )}
      <Suspense fallback={<WaitingActivity />}>
        <ActivitySection chain={chain} />
      </Suspense>
    </SeedsProvider>
  );
}
