import { sweepAll } from "@/lib/stores/sweep";
import { DONE, requireDatabaseUrl, runCommand, withDatabase } from "@/scripts/command";

const HELP = `Deletes what has ended, now and in every table: sessions, connections of users who are gone, connections that were never completed, and
counters of limits. Instances do the same by themselves while they are used; nothing of it is needed by anybody.

  npm run sweep`;

await runCommand({
  help: HELP,
  actions: {
    "": {
      options: {},
      async run() {
        const swept = await withDatabase(requireDatabaseUrl(), (database) => sweepAll(database, database.clock.now()));
        for (const [table, count] of Object.entries(swept)) console.log(`${table.padEnd(16)} ${count} deleted`);
        return DONE;
      },
    },
  },
});
