import type { Database } from "@/lib/stores/database";
import { readSalePause, pauseSale, resumeSale } from "@/lib/stores/settings";
import { DONE, printed, requireDatabaseUrl, runCommand, withDatabase } from "@/scripts/command";

const HELP = `Stops new commitments on every instance, without a restart. Reading, cancelling and refunds go on.

  npm run sale -- pause [--note TEXT]   No permit is requested from Sonar or handed out. The note is for operators; users do not see it.
  npm run sale -- resume                Permits are given again.
  npm run sale -- status                Says whether there is a pause.

Open pages with the commitment form show it within 5 seconds, other open pages within 15. A permit that was handed out before can be used on
chain until it expires by itself (10 minutes): only the pause of the sale's contract stops everything. SALE_PAUSED=1 in the environment pauses
an instance too, and is ended by another start without it. A restored backup has the pause that it was made with, or none: then set it again.`;

const LONGEST_NOTE = 500;

/** This process has the environment of the site's instances, or not: it can only say what it sees. */
function warnOfSetting(): void {
  if (process.env["SALE_PAUSED"]?.trim() === "1")
    console.log("SALE_PAUSED=1 is set here: instances with this environment stay paused until they start without it.");
}

/** Whoever pauses a sale at night needs to know what holds after an error, such as a commit that gets no answer. */
async function change<T>(work: (database: Database) => Promise<T>): Promise<T> {
  try {
    return await withDatabase(requireDatabaseUrl(), work);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason}\nWhether there is a pause now, \`npm run sale -- status\` says.`, { cause: error });
  }
}

const time = (ms: number) => new Date(ms).toISOString();

await runCommand({
  help: HELP,
  actions: {
    pause: {
      options: { note: { type: "string" } },
      async run(given) {
        const note = (given.text("note") ?? "").slice(0, LONGEST_NOTE);
        await change((database) => pauseSale(database, note, database.clock.now()));
        console.log("New commitments are paused. `npm run sale -- resume` ends the pause.");
        return DONE;
      },
    },
    resume: {
      options: {},
      async run() {
        const wasPaused = await change(resumeSale);
        console.log(wasPaused ? "The pause has ended: permits are given again." : "There was no pause.");
        warnOfSetting();
        return DONE;
      },
    },
    status: {
      options: {},
      async run() {
        const pause = await withDatabase(requireDatabaseUrl(), readSalePause);
        const note = pause?.note ? ` Note: ${printed(pause.note)}` : "";
        console.log(
          pause
            ? `New commitments are paused since ${time(pause.since)}.${note}`
            : "No command has paused commitments.",
        );
        warnOfSetting();
        return DONE;
      },
    },
  },
});
