import { countByKey, reseal, type KeyUse } from "@/lib/stores/reseal";
import { createSealer, keyIdOf } from "@/lib/stores/seal";
import { DONE, FAILED, requireEnv, runCommand, withDatabase } from "@/scripts/command";

const HELP = `The keys of TOKEN_ENCRYPTION_KEY. They are named by their ids, which reveal nothing about them.

  npm run keys -- status  Counts what each key has sealed.
  npm run keys -- rotate  Seals everything with the first key. To be run once every instance has it as its first key. It works while users are
                          active. After an interruption, run it again: it continues. The exit code is 1 if something is left that the
                          first key has not sealed.`;

/** The ids of the keys that this environment has; the first one seals. */
function knownIds(prefixes: readonly string[]): string[] {
  return prefixes.flatMap((prefix) => keyIdOf(prefix) ?? []);
}

const total = ({ connections, pending }: KeyUse) => connections + pending;

function roleOf(keyId: string | undefined, known: readonly string[]): string {
  if (keyId !== undefined && keyId === known[0]) return "the first key: it seals";
  if (keyId !== undefined && known.includes(keyId)) return "an older key: it only opens";
  return "not in TOKEN_ENCRYPTION_KEY";
}

function statusText(uses: readonly KeyUse[], known: readonly string[]): string {
  const unused = known.filter((id) => !uses.some(({ keyId }) => keyId === id));
  const rows = [...uses, ...unused.map((keyId) => ({ keyId, connections: 0, pending: 0 }))];
  const line = (id: string, connections: string, pending: string, role: string) =>
    [id.padEnd(12), connections.padStart(11), pending.padStart(9), ` ${role}`].join(" ").trimEnd();
  return [
    line("key", "connections", "pending", ""),
    ...rows.map((use) => line(use.keyId ?? "(none)", `${use.connections}`, `${use.pending}`, roleOf(use.keyId, known))),
  ].join("\n");
}

/** What is left, by key; nothing if all is sealed with the first. */
function leftovers(uses: readonly KeyUse[], known: readonly string[], damaged: number): string[] {
  const left = uses.filter(({ keyId }) => keyId === undefined || keyId !== known[0]);
  const lines = left.map((use) => {
    const what = `Left: ${total(use)} row(s) of key ${use.keyId ?? "(none)"}, `;
    if (use.keyId !== undefined && known.includes(use.keyId))
      return `${what}which does not seal here. If an instance still seals with it, change that one and run this again.`;
    return `${what}which is not in TOKEN_ENCRYPTION_KEY. Add it as a further key and run this again, or their users must connect again.`;
  });
  if (damaged > 0)
    lines.push(`${damaged} of the rows left do not open although their key is known: they were altered.`);
  return lines;
}

await runCommand({
  help: HELP,
  actions: {
    status: {
      options: {},
      async run() {
        const env = requireEnv();
        const known = knownIds(createSealer(env.tokenEncryptionKeys).prefixes);
        console.log(statusText(await withDatabase(env.databaseUrl, countByKey), known));
        return DONE;
      },
    },
    rotate: {
      options: {},
      async run() {
        const env = requireEnv();
        const sealer = createSealer(env.tokenEncryptionKeys);
        const { resealed, damaged, uses } = await withDatabase(env.databaseUrl, async (database) => ({
          ...(await reseal(database, sealer)),
          uses: await countByKey(database),
        }));
        const left = leftovers(uses, knownIds(sealer.prefixes), damaged);
        console.log(`Sealed with the first key: ${resealed} row(s).`);
        for (const line of left) console.error(line);
        if (left.length === 0)
          console.log(
            "At this moment, nothing is left that another key has sealed. An instance that does not have this first key first goes on sealing with " +
              "its own: remove the older keys once every instance has it first and `npm run keys -- status` still counts no row of theirs.",
          );
        return left.length > 0 ? FAILED : DONE;
      },
    },
  },
});
