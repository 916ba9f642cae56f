import { execFileSync } from "node:child_process";

/** Whom PostgreSQL runs as; empty for an ordinary user, under whose own name it runs. */
export interface PostgresUser {
  uid?: number;
  gid?: number;
}

function idOf(flag: "-u" | "-g"): number {
  return Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
}

/** PostgreSQL refuses to run as root, so root hands it to "nobody", who exists everywhere: no account has to be made. */
export function postgresUser(): PostgresUser {
  return process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {};
}
