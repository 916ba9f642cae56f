import type { Env } from "@/lib/config/env";
import { listConnections, revokeConnections, type Revoked, type Selection } from "@/lib/oauth/revoke-connections";
import { registeredProviders } from "@/lib/providers/index";
import { findProvider } from "@/lib/providers/registry";
import type { Database } from "@/lib/stores/database";
import { createSealer } from "@/lib/stores/seal";
import { SqlTokenStore } from "@/lib/token-store";
import {
  DONE,
  FAILED,
  printed,
  requireDatabaseUrl,
  requireEnv,
  requireYes,
  runCommand,
  UsageError,
  withDatabase,
  type Given,
} from "@/scripts/command";

const HELP = `Ends connections of users to Sonar and the other providers. It works while users are active: a refresh that is in progress writes nothing back.

  npm run connections -- list --user ID        The user's connections, without tokens.
  npm run connections -- revoke --user ID      Deletes them, and revokes them at their providers where there is a way.
  npm run connections -- revoke --provider P   Those of all users to one provider; with --user, those of one user to it.
  npm run connections -- revoke --all [--yes]  Those of all users to all providers. It asks first, unless --yes is given.

Users stay signed in and can connect again; \`npm run sessions\` ends their sessions. The exit code is 1 if a provider could not be asked to revoke.`;

function userOf(given: Given): string {
  const userId = given.text("user");
  if (userId === undefined) throw new UsageError("Name the user: --user ID.");
  return userId;
}

function selectionOf(given: Given): Selection {
  const [userId, provider] = [given.text("user"), given.text("provider")];
  const isNarrow = userId !== undefined || provider !== undefined;
  if (given.isSet("all") && isNarrow) throw new UsageError("--all goes with neither --user nor --provider.");
  if (!given.isSet("all") && !isNarrow) throw new UsageError("Say whose: --user ID, --provider P or --all.");
  const ids = ["sonar", ...registeredProviders.map(({ id }) => id)];
  if (provider !== undefined && !ids.includes(provider))
    throw new UsageError(`There is no provider "${provider}", only: ${ids.join(", ")}.`);
  return { ...(userId !== undefined && { userId }), ...(provider !== undefined && { provider }) };
}

function report({ upstream, deletedOnly, failed }: Revoked): string {
  const lines = [
    `Deleted here: ${upstream + deletedOnly + failed}.`,
    `  revoked at the provider: ${upstream}`,
    `  deleted only, because the provider has no way to revoke or the tokens do not open here: ${deletedOnly}`,
    `  not revoked, because the provider refused or did not answer: ${failed}`,
  ];
  if (failed > 0) lines.push("Tokens that were not revoked stay valid at their provider until they expire.");
  return lines.join("\n");
}

function revoke(selection: Selection, env: Env, database: Database): Promise<Revoked> {
  return revokeConnections(selection, {
    database,
    tokens: new SqlTokenStore(database, createSealer(env.tokenEncryptionKeys)),
    findProvider: (id) => findProvider(env, id),
    timeoutMs: env.upstreamTimeoutMs,
  });
}

await runCommand({
  help: HELP,
  actions: {
    list: {
      options: { user: { type: "string" } },
      async run(given) {
        const userId = userOf(given);
        const found = await withDatabase(requireDatabaseUrl(), (database) => listConnections(database, userId));
        for (const { provider, connectedAt } of found)
          console.log(`${printed(provider).padEnd(16)} connected at ${new Date(connectedAt).toISOString()}`);
        if (found.length === 0) console.log("This user has no connections.");
        return DONE;
      },
    },
    revoke: {
      options: {
        user: { type: "string" },
        provider: { type: "string" },
        all: { type: "boolean" },
        yes: { type: "boolean" },
      },
      async run(given) {
        const selection = selectionOf(given);
        const env = requireEnv();
        if (given.isSet("all")) await requireYes(given, "This ends the connections of all users.");
        const revoked = await withDatabase(env.databaseUrl, (database) => revoke(selection, env, database));
        console.log(report(revoked));
        return revoked.failed > 0 ? FAILED : DONE;
      },
    },
  },
});
