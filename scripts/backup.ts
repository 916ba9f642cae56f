import { resolve } from "node:path";
import { DONE, requireDatabaseFile, requireDatabaseUrl, runCommand, UsageError } from "@/scripts/command";
import { copySqlite } from "@/scripts/sqlite-file";

const HELP = `Copies the SQLite file of the site, which may be running: a write is in the copy wholly or not at all. Copying the file itself while the site
runs makes copies that are malformed.

  npm run backup -- FILE   Makes FILE, which must be new, for this user's eyes only. Until it is complete and checked, it is FILE.part.

The copy holds sessions and sealed tokens, and not TOKEN_ENCRYPTION_KEY. A Postgres is backed up with pg_dump, or by its host. The order of a restore:
"Backup and restore" in docs/operation.md.`;

const POSTGRES = "this database is a Postgres, which is backed up with pg_dump or by its host.";

/** SQLite takes a file of such a name for a part of the database beside it, and would write it into that one. */
const NAMES_OF_SQLITE = /-(wal|shm|journal)$/;

async function copyDatabase(url: string, to: string): Promise<number> {
  try {
    const from = requireDatabaseFile(url);
    if (from === undefined) throw new Error(POSTGRES);
    return await copySqlite(from, to);
  } catch (error) {
    throw new Error(`No backup was made: ${error instanceof Error ? error.message : "unknown error"}`, {
      cause: error,
    });
  }
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

await runCommand({
  help: HELP,
  actions: {
    "": {
      options: {},
      argument: "FILE",
      async run(given) {
        const to = resolve(given.argument());
        if (NAMES_OF_SQLITE.test(to)) throw new UsageError("SQLite itself uses such a name. Name another file.");
        const size = await copyDatabase(requireDatabaseUrl(), to);
        console.log(`Backup: ${to}, ${megabytes(size)}, complete and checked.`);
        console.log(
          "It holds sessions and sealed tokens, and not TOKEN_ENCRYPTION_KEY. Keep that elsewhere: without it no token opens, with it all do.",
        );
        return DONE;
      },
    },
  },
});
