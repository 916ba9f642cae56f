import { inject } from "vitest";
import { createDatabaseOn } from "@/tests/support/postgres";
import "@/tests/support/postgres-setup";

/** The URL of a new, empty database on the run's PostgreSQL. For tests of the integration project. */
export function createDatabase(): Promise<string> {
  return createDatabaseOn(inject("postgresUrl"));
}
