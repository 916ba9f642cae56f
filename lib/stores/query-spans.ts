import "server-only";
import type { LogEvent } from "kysely";
import { addSpan } from "@/lib/http/telemetry";

/** A statement's verb and table, from its text with placeholders: the values are never part of it. */
function describeStatement(sql: string): { operation: string; table?: string } {
  const [, verb = "OTHER"] = /^\s*([a-z]+)\b/i.exec(sql) ?? [];
  const [, table] = /\b(?:from|into|update|table)\s+"?([a-z_]+)"?/i.exec(sql) ?? [];
  return { operation: verb.toUpperCase(), ...(table !== undefined && { table: table.toLowerCase() }) };
}

/** Makes a span of every statement of a request (Kysely's `log`). Its time begins when a connection is free. */
export function spanOfStatement(system: "postgresql" | "sqlite") {
  return (event: LogEvent): void => {
    const { operation, table } = describeStatement(event.query.sql);
    const fields = {
      "db.system.name": system,
      "db.operation.name": operation,
      ...(table !== undefined && { "db.collection.name": table }),
    };
    const name = table === undefined ? operation : `${operation} ${table}`;
    const failed = event.level === "error" ? (event.error instanceof Error ? event.error.name : "unknown") : undefined;
    addSpan({ name, kind: "client", fields }, event.queryDurationMillis, failed);
  };
}
