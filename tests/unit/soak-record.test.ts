import { describe, expect, it } from "vitest";
import { Answers } from "@/tests/support/soak/answers";
import { checkLogs } from "@/tests/support/soak/log-check";
import { markerOf, usersIn, withMarker } from "@/tests/support/soak/marker";
import { UpstreamRecord } from "@/tests/support/soak/upstream-record";

const tokens = (name: string) => ({ access_token: `a-${name}`, refresh_token: `r-${name}` });

/** A record with one connection, whose clock counts. */
function connected() {
  let now = 0;
  const record = new UpstreamRecord(() => ++now);
  record.approved("u1", "code");
  record.exchanged("code", tokens("1"));
  const [family] = record.families;
  if (!family) throw new Error("There is no family");
  return { record, family };
}

describe("the upstream's record", () => {
  it("knows whose tokens arrive, and when the tokens of a refresh are used first", () => {
    const { record, family } = connected();
    const refresh = record.presented("r-1", "one");
    record.rotated("r-1", refresh, tokens("2"));
    expect(family.attempts).toEqual([refresh]);
    expect(refresh).toMatchObject({ instance: "one", outcome: "rotated" });
    expect(refresh.usedAt).toBeUndefined();
    expect(record.ofAccessToken("a-2")).toBe(family);
    expect(refresh.usedAt).toBeDefined();
    expect(record.ofAccessToken("a-unknown")).toBeUndefined();
  });

  it("names both uses of a token that is used twice", () => {
    const { record, family } = connected();
    const first = record.presented("r-1", "one");
    record.rotated("r-1", first, tokens("2"));
    const second = record.presented("r-1", "two");
    record.refused("r-1", second, "the refresh token was used before; its connection is revoked");
    expect(family.end).toMatchObject({ reason: "reuse", first, second });
  });

  it("tells a withdrawal from a token that the upstream has forgotten", () => {
    const { record, family } = connected();
    record.refused("r-1", record.presented("r-1", "one"), "the refresh token is unknown or revoked");
    expect(family.end?.reason).toBe("unknown");
    const other = connected();
    other.record.withdraw("u2");
    expect(other.family.end).toBeUndefined();
    other.record.withdraw("u1");
    expect(other.family.end?.reason).toBe("withdrawn");
  });

  it("does not accept a code that nobody has", () => {
    expect(() => connected().record.exchanged("another", tokens("9"))).toThrow("no user");
  });
});

describe("an answer", () => {
  const answered = { user: "u1", what: "GET /", from: 0, to: 5, status: 200 };

  it("with the data of its user and of another one counts as both", () => {
    const own = withMarker('{"EmailAddress":"ada@example.com","Label":"Ada"}', "u1");
    expect([...usersIn(own)]).toEqual(["u1"]);
    const answers = new Answers();
    answers.add(answered, own);
    answers.add(answered, `${own} ${markerOf("u2")}`);
    expect([answers.ownData, answers.foreignData]).toEqual([2, 1]);
    expect(answers.wrong).toMatchObject([{ wrong: "it showed data of u2" }]);
  });

  it.each([
    ["a digest in the data of the router", 200, '4:E{"digest":"1234567"}', 1],
    ["a digest in a page", 200, String.raw`self.__next_f.push([1,"4:E{\"digest\":\"1234567\"}"])`, 1],
    ["a digest in a template", 200, '<template data-dgst="1234567"></template>', 1],
    ["Next's word for a page that is not there", 404, '4:E{"digest":"NEXT_HTTP_ERROR_FALLBACK;404"}', 0],
    ["an internal error", 500, "", 1],
    ["an outage that says so", 503, "", 0],
  ])("with %s", (_case, status, text, count) => {
    const answers = new Answers();
    answers.add({ ...answered, status }, text);
    expect(answers.wrong).toHaveLength(count);
  });
});

describe("a log", () => {
  const line = (level: number, msg = "unexpected") =>
    JSON.stringify({ level, time: "2026-01-01T00:00:00.000Z", msg, requestId: "-" });
  const during = (lane: "upstream" | "database" | "machine") => [{ lane, kind: "", from: Date.UTC(2026, 0, 1) }];
  const check = (text: string, isCut = false, faults: Parameters<typeof checkLogs>[1] = []) =>
    checkLogs([{ name: "one", text, isCut }], faults);

  it("has JSON only; the last line of a process that was killed may be half of one", () => {
    expect(check(`${line(30)}\n${line(40)}\n`)).toMatchObject({ lines: 2, notJson: [] });
    expect(check(`${line(30)}\nError: no`).notJson).toEqual(["one: Error: no"]);
    expect(check(`${line(30)}\n{"lev`, true)).toMatchObject({ lines: 1, notJson: [] });
    expect(check("17\n").notJson, "JSON, and no line of the log").toHaveLength(1);
  });

  it("has no alarm but for a fault that somebody can act on", () => {
    expect(check(`${line(50)}\n`).unexplained).toHaveLength(1);
    expect(check(`${line(50)}\n`, false, during("database")).unexplained).toEqual([]);
    expect(check(`${line(50)}\n`, false, during("upstream")).unexplained).toHaveLength(1);
    expect(check(`${line(50)}\n`, false, during("machine")).unexplained).toHaveLength(1);
    expect(check(`${line(50, "database.not-ready")}\n`, false, during("machine")).unexplained).toEqual([]);
    const late = line(50).replace("}", `,"frames":["at /app/node_modules/pg-pool/index.js:45:11"]}`);
    expect(check(`${late}\n`, false, during("machine")).unexplained).toEqual([]);
    expect(check(`${late}\n`).unexplained).toHaveLength(1);
  });

  it("has no data of a user", () => {
    expect(check(`${line(30, markerOf("u1"))}\n`).withUserData).toBe(1);
  });
});
