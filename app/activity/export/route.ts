import { activityCsv } from "@/lib/activity/csv";
import { getEnv } from "@/lib/config/env";
import type { FailureCode } from "@/lib/failures";
import { seeOther } from "@/lib/http/form-route";
import { createSonarServerAction } from "@/lib/sonar";
import { readWholeActivity } from "@/lib/sonar/activity";
import { blockInAddress, positionsInput } from "@/lib/sonar/inputs";

export const dynamic = "force-dynamic";

/** In seconds. Several searches, one after the other (UPSTREAM_TIMEOUT_MS each); a serverless host must not end them before that. */
export const maxDuration = 60;

const readForFile = createSonarServerAction({
  name: "exportActivity",
  input: positionsInput,
  rate: "reads",
  run: readWholeActivity,
});

/** The page that explains the failure. It names the block again, so that another try asks for no less. */
function activityAddress(file: FailureCode, block: number | undefined): string {
  return `/activity?${new URLSearchParams({ file, ...(block !== undefined && { block: String(block) }) })}`;
}

/**
 * The activity of the user's own entities as a CSV file, at the block that `block` names or later. A failure leads back to the page, which
 * explains it.
 */
export async function GET({ url }: Request): Promise<Response> {
  const { chain } = getEnv();
  const atBlock = blockInAddress(new URL(url).searchParams.get("block"));
  const activity = await readForFile({ atBlock });
  if (!activity.ok) return seeOther(activityAddress(activity.error.code, atBlock));
  if (!chain) return seeOther("/activity");
  const { entries, entities } = activity.data;
  const day = new Date().toISOString().slice(0, 10);
  return new Response(activityCsv(entries, { entities, chain: chain.facts }), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="activity-${day}.csv"`,
      "Cache-Control": "no-store",
    },
  });
}
