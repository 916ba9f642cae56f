import type { Database } from "@/lib/stores/database";
import { DONE, requireDatabaseUrl, requireYes, runCommand, UsageError, withDatabase } from "@/scripts/command";

const HELP = `Ends sessions: at their next request, these users are signed out.

  npm run sessions -- revoke --user ID      All sessions of one user.
  npm run sessions -- revoke --all [--yes]  Those of everybody. It asks first, unless --yes is given.

Connections stay, for when the user signs in again; \`npm run connections\` ends them. A restored backup brings ended sessions back: run it again
before the site is opened ("Backup and restore" in docs/operation.md).`;

/** Rows that one statement deletes: a longer one would hold up everybody who signs in meanwhile. */
const PIECE = 500;

/**
 * Ends the sessions of a user, or of everybody, in the order of their key: how many of a piece are deleted says nothing about the rest, since people
 * sign out and in meanwhile.
 */
async function endSessions({ kysely }: Database, userId: string | undefined): Promise<number> {
  const all = kysely.selectFrom("sessions").select("id_hash").orderBy("id_hash").limit(PIECE);
  const wanted = userId === undefined ? all : all.where("user_id", "=", userId);
  let ended = 0;
  for (let last = ""; ;) {
    const rows = await wanted.where("id_hash", ">", last).execute();
    const hashes = rows.map((row) => row.id_hash);
    const end = hashes.at(-1);
    if (end === undefined) return ended;
    const { numDeletedRows } = await kysely.deleteFrom("sessions").where("id_hash", "in", hashes).executeTakeFirst();
    ended += Number(numDeletedRows);
    last = end;
  }
}

await runCommand({
  help: HELP,
  actions: {
    revoke: {
      options: { user: { type: "string" }, all: { type: "boolean" }, yes: { type: "boolean" } },
      async run(given) {
        const userId = given.text("user");
        if (given.isSet("all") === (userId !== undefined)) throw new UsageError("Say whose: --user ID, or --all.");
        const url = requireDatabaseUrl();
        if (userId === undefined) await requireYes(given, "This signs everybody out.");
        const ended = await withDatabase(url, (database) => endSessions(database, userId));
        console.log(`Sessions ended: ${ended}.`);
        return DONE;
      },
    },
  },
});
