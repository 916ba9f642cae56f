import pg from "pg";
import { describe, expect, it } from "vitest";
import { migrationTarget } from "@/lib/config/database-settings";
import { checkEnv } from "@/lib/config/env";
import { isExposed } from "@/lib/config/database-url";
import { liveEnvironment } from "@/tests/support/live-environment";

const EXPOSED = [
  "postgres://u:canary@db.example.com/app",
  "postgresql://u:canary@db.example.com:6543/app?pgbouncer=true",
  "postgres://u:canary@db.example.com/app?sslmode=disable",
  "postgres://u:canary@db.example.com/app?sslmode=allow",
  "postgres://u:canary@db.example.com/app?sslmode=prefer",
  "postgres://u:canary@db.example.com/app?sslmode=verify-full&sslmode=disable",
  "postgres://u:canary@db.example.com/app?sslmode=disable&sslrootcert=/etc/ssl/ca.pem",
  "postgres://u:canary@db.example.com/app?ssl=0",
  "postgres://u:canary@db.example.com/app?ssl=false",
  "postgres://u:canary@DB.EXAMPLE.COM./app",
  "postgres://u:canary@203.0.113.7/app",
  "postgres://u:canary@[2001:db8::1]/app",
  "postgres://u:canary@134744072/app",
  "postgres://u:canary@0x08080808/app",
  "postgres://u:canary@172.32.0.1/app",
  "postgres://u:canary@localhost.example.com/app",
  "postgres://u:canary@internal.example.com/app",
  "postgres://u:canary@db/app?host=db.example.com",
  "postgres:///app?host=db.example.com",
  "postgres://u:canary@[::ffff:8.8.8.8]/app",
  "postgres://u:canary@[64:ff9b::808:808]/app",
  "postgres://u:canary@[2002:808:808::1]/app",
  "postgres://u:canary@240.1.2.3/app",
  "postgres://u:canary@/app?host=203.0.113.7",
];

const NEARBY = [
  "postgres://u:p@localhost/app",
  "postgres://u:p@127.0.0.1:5432/app?sslmode=disable",
  "postgres://u:p@[::1]:5432/app",
  "postgres:///app",
  "postgres://u:p@/app?host=/var/run/postgresql",
  "postgres://u:p@%2Fvar%2Frun%2Fpostgresql/app",
  "postgres://u:p@postgres/app",
  "postgres://u:p@DB/app",
  "postgres://u:p@my_db-1:5433/app",
  "postgres://u:p@10.0.0.7/app",
  "postgres://u:p@172.16.5.4/app",
  "postgres://u:p@192.168.1.9/app",
  "postgres://u:p@100.64.0.1/app",
  "postgres://u:p@[fd00::7]/app",
  "postgres://u:p@host.docker.internal/app",
  "postgres://u:p@db.railway.internal/app",
  "postgres://u:p@app-db.flycast/app",
  "postgres://u:p@db.sales.svc/app",
  "postgres://u:p@db.sales.svc.cluster.local/app",
  "postgres://u:p@nas.home.arpa/app",
  "file:.data/app.db",
];

const ENCRYPTED = [
  ...["require", "verify-ca", "verify-full", "no-verify"].map(
    (mode) => `postgres://u:p@db.example.com/app?sslmode=${mode}`,
  ),
  "postgres://u:p@db.example.com/app?ssl=true",
  "postgres://u:p@db.example.com/app?ssl=1",
  "postgres://u:p@db.example.com/app?sslnegotiation=direct",
];

describe("a Postgres of another network", () => {
  it.each(EXPOSED)("without TLS is named, in both variables, and for migrations alone: %s", (url) => {
    for (const variable of ["DATABASE_URL", "DATABASE_DIRECT_URL"]) {
      const problems = [{ variable, problem: expect.stringContaining("sslmode=verify-full") }];
      const check = checkEnv({ ...liveEnvironment, [variable]: url });
      expect(check).toMatchObject({ ok: false, problems });
      expect(JSON.stringify(check)).not.toMatch(/canary|example\.com/);
      expect(migrationTarget({ [variable]: url })).toMatchObject({ ok: false, problems });
    }
  });

  it.each(ENCRYPTED)("with TLS is accepted, and pg does encrypt: %s", (url) => {
    expect(checkEnv({ ...liveEnvironment, DATABASE_URL: url })).toMatchObject({ ok: true });
    expect(new pg.Client({ connectionString: url }).ssl).toBeTruthy();
  });

  it("may have its mode from PGSSLMODE, which pg reads where the URL names none", () => {
    const url = "postgres://u:p@db.example.com/app";
    expect(checkEnv({ ...liveEnvironment, DATABASE_URL: url, PGSSLMODE: "verify-full" })).toMatchObject({ ok: true });
    expect(migrationTarget({ DATABASE_URL: url, PGSSLMODE: "require" })).toMatchObject({ ok: true });
    expect(isExposed(url, "prefer")).toBe(true);
    expect(isExposed(`${url}?sslmode=disable`, "verify-full")).toBe(true);
  });
});

it.each(NEARBY)("no public network lies between here and a nearby database, which may do without TLS: %s", (url) => {
  expect(checkEnv({ ...liveEnvironment, DATABASE_URL: url })).toMatchObject({ ok: true });
});
