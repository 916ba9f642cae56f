import "server-only";
import { exposedDatabases } from "@/lib/config/env-rules";
import { environmentSchema, type Environment, type EnvProblem } from "@/lib/config/env-schema";
import { problemsOf, withoutEmpty, type Source } from "@/lib/config/env-source";

/** The database of the app. */
export interface DatabaseSettings {
  databaseUrl: string;
  /** A server that starts migrates a Postgres that lacks migrations, at `migrationUrl`. */
  migrateOnStart: boolean;
  migrationUrl: string;
}

/** The settings of the database, with their defaults. */
export function databaseSettings(
  vars: Pick<Environment, "DATABASE_URL" | "DATABASE_DIRECT_URL" | "MIGRATE_ON_START">,
): DatabaseSettings {
  const databaseUrl = vars.DATABASE_URL ?? "file:.data/app.db";
  return {
    databaseUrl,
    migrateOnStart: vars.MIGRATE_ON_START === "1",
    migrationUrl: vars.DATABASE_DIRECT_URL ?? databaseUrl,
  };
}

const migrationVariables = environmentSchema.pick({ DATABASE_URL: true, DATABASE_DIRECT_URL: true, PGSSLMODE: true });

/** The address of the app's database alone: a command for an emergency must work although another variable is wrong. */
export function databaseSetting(source: Source): { ok: true; url: string } | { ok: false; problems: EnvProblem[] } {
  const parsed = migrationVariables.pick({ DATABASE_URL: true }).safeParse(withoutEmpty(source));
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error) };
  return { ok: true, url: databaseSettings(parsed.data).databaseUrl };
}

/** The database that migrations change. */
interface MigrationTarget {
  url: string;
  /** The variable that its address is from. */
  variable: "DATABASE_URL" | "DATABASE_DIRECT_URL";
  /** True if neither is set. */
  isDefault: boolean;
}

/** Reads the address of the database that `npm run db:migrate` changes. Of the other variables, none has to be set or right. */
export function migrationTarget(
  source: Source,
): ({ ok: true } & MigrationTarget) | { ok: false; problems: EnvProblem[] } {
  const parsed = migrationVariables.safeParse(withoutEmpty(source));
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error) };
  const exposed = exposedDatabases(parsed.data);
  if (exposed.length > 0) return { ok: false, problems: exposed };
  const { DATABASE_URL, DATABASE_DIRECT_URL } = parsed.data;
  const { migrationUrl: url } = databaseSettings(parsed.data);
  const variable = DATABASE_DIRECT_URL ? "DATABASE_DIRECT_URL" : "DATABASE_URL";
  return { ok: true, url, variable, isDefault: !DATABASE_DIRECT_URL && !DATABASE_URL };
}
