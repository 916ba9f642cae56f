import { announcedTimes } from "@/lib/announced-times";
import { getEnv } from "@/lib/config/env";
import { site } from "@/lib/config/site";
import { deadlineCalendar } from "@/lib/sale/calendar-file";

// The deadline is known only at run time.
export const dynamic = "force-dynamic";

const NO_END =
  "The end of this sale is not announced. Your own time to commit is on the sale's page once you are connected.\n";

/** The sale's announced deadline for calendars: the one that the start page shows to everybody. */
export async function GET(): Promise<Response> {
  const env = getEnv();
  const { closesAt } = await announcedTimes(env);
  const file =
    closesAt === undefined
      ? undefined
      : deadlineCalendar({
          name: site.name,
          saleUUID: env.sonar.saleUUID,
          closesAt,
          url: env.appUrl,
          now: Date.now(),
        });
  if (file === undefined)
    return new Response(NO_END, { status: 404, headers: { "Content-Type": "text/plain; charset=utf-8" } });
  return new Response(file, {
    headers: {
      "Content-Type": "text/calendar; charset=utf-8",
      "Content-Disposition": 'attachment; filename="sale-deadline.ics"',
      "Cache-Control": "no-cache",
    },
  });
}
