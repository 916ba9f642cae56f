import { parseJson } from "@/lib/http/parse-json";
import { loggedName } from "@/lib/http/log-identity";
import type { AuditRow } from "@/lib/stores/database";
import { SqlAuditStore } from "@/lib/stores/sql-audit-store";
import { DONE, printed, requireEnv, runCommand, UsageError, withDatabase } from "@/scripts/command";

const HELP = `Prints what a user did, from the audit table, and the name that the log has for this user.

  npm run audit -- --user ID [--since 2026-01-31]`;

/** A time in ISO 8601, in milliseconds since 1970; a date alone means its beginning in UTC. */
function timeOf(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw new UsageError("--since must be a date like 2026-01-31, in UTC.");
  return time;
}

/** The values of a row's details, e.g. `provider=sonar`. A row of a later version may hold anything. */
function detailsText(details: string): string {
  const flatten = (value: unknown, name: string): string[] =>
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => flatten(inner, key))
      : [`${name}=${String(value)}`];
  return flatten(parseJson(details) ?? details, "details").join(" ");
}

function lineOf({ at, event, details, address_hmac: address, request_id: requestId }: AuditRow): string {
  const parts = [new Date(at).toISOString(), event.padEnd(18), detailsText(details)];
  return `${parts.filter(Boolean).join("  ")}  (request ${requestId}, address ${address ?? "unknown"})`;
}

await runCommand({
  help: HELP,
  actions: {
    "": {
      options: { user: { type: "string" }, since: { type: "string" } },
      async run(given) {
        const user = given.text("user")?.trim();
        if (user === undefined) throw new UsageError("--user is missing: the id of the user.");
        const since = timeOf(given.text("since") ?? "1970-01-01");
        const { databaseUrl, sessionSecret } = requireEnv();
        const rows = await withDatabase(databaseUrl, (database) => new SqlAuditStore(database).rowsOf(user, since));
        const hash = loggedName("user", user, sessionSecret);
        const head = `User ${user} is "user":"${hash}" in the log. Rows of the audit table: ${rows.length}.`;
        console.log([head, ...rows.map(lineOf)].map(printed).join("\n"));
        return DONE;
      },
    },
  },
});
