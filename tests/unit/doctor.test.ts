import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { databasePlace, readServer } from "@/scripts/database-place";
import { encryptionFinding } from "@/scripts/doctor/database";
import { clockFindings } from "@/scripts/doctor/finding";

describe("the encryption of a database connection", () => {
  function remark(url: string) {
    const server = readServer(url);
    return server && encryptionFinding("DATABASE_URL", server);
  }

  it.each([
    ["another machine", "postgres://u:canary@db.example.com/app"],
    ["another machine, by its address", "postgres://u:canary@203.0.113.7/app"],
    ["another machine, switched off", "postgres://u:canary@db.example.com/app?sslmode=disable"],
  ])("is demanded to %s", (_name, url) => {
    const found = remark(url);
    expect(found).toMatchObject({ level: "fix", subject: "DATABASE_URL" });
    expect(found?.text).toContain("without encryption. Add sslmode=verify-full");
    expect(found?.text).not.toContain("canary");
  });

  it.each([
    ["this machine", "postgres://u:p@localhost/app"],
    ["a container beside this one", "postgres://u:p@postgres/app"],
    ["a private network", "postgres://u:p@10.0.0.7/app"],
    ["a provider's internal name", "postgres://u:p@db.railway.internal/app"],
    ["a socket", "postgres://u:p@/app?host=/var/run/postgresql"],
  ])("is not demanded to %s", (_name, url) => {
    expect(remark(url)).toBeUndefined();
  });

  it("is fine where the certificate is checked, and worth a note where it is not", () => {
    expect(remark("postgres://u:p@db.example.com/app?sslmode=verify-full")).toBeUndefined();
    expect(remark("postgres://u:p@db.example.com/app?sslmode=no-verify")).toMatchObject({ level: "note" });
  });

  it("cannot be told of a URL that names a missing certificate", () => {
    expect(readServer("postgres://u:p@db.example.com/app?sslrootcert=/nowhere.pem")).toBeUndefined();
  });
});

describe("the clock", () => {
  const reading = (of: string, seconds: number) => ({ of, offset: seconds * 1_000 });

  it("may differ by a few seconds", () => {
    expect(clockFindings([reading("the database", -4), reading("echo.example", 4)])).toEqual([
      { level: "ok", subject: "clock", text: "agrees with the database and echo.example." },
    ]);
  });

  it("is this machine's fault if nobody agrees with it", () => {
    const [finding, ...others] = clockFindings([reading("the database", 300), reading("echo.example", 301)]);
    expect(finding?.text).toMatch(/^this machine is 5 minutes behind compared with the database\./);
    expect(others).toEqual([]);
  });

  it("is another machine's fault if a third agrees with ours", () => {
    const found = clockFindings([reading("the database", 30), reading("echo.example", 0)]);
    expect(found.map(({ level, text }) => [level, text])).toEqual([
      [
        "fix",
        "the database is 30 seconds ahead, and the others agree with this machine. If it is yours, correct its clock (NTP).",
      ],
    ]);
  });

  it("is not judged if nobody told the time", () => {
    expect(clockFindings([])).toEqual([]);
  });
});

describe("the place of a database", () => {
  it.each([
    ["postgres://owner:canary@db.example.com/app", "db.example.com/app"],
    ["postgres://owner:canary@db.example.com:6432/app?sslmode=verify-full", "db.example.com:6432/app"],
    ["postgresql://app:canary@db.example.com/app", "db.example.com/app"],
    ["postgres://owner:canary@db.example.com", "db.example.com"],
    ["postgres://owner:canary@/app?host=/var/run/postgresql", "/var/run/postgresql/app"],
    ["postgres://owner:canary@db.example.com/app?sslrootcert=/nowhere.pem", "an address that cannot be read"],
    ["file:/srv/app.db", "/srv/app.db"],
    ["file:.data/app.db", resolve(".data/app.db")],
    ["file::memory:", "in memory"],
  ])("of %s is %s, without user and password", (url, place) => {
    expect(databasePlace(url)).toBe(place);
  });
});
