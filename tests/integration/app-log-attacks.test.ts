import { beforeAll, describe, expect, it, vi } from "vitest";
import { failure } from "@/lib/result";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { actionId } from "@/tests/support/app/call-action";
import { HttpBrowser } from "@/tests/support/app/http-browser";
import { linesSince, linesUpTo, type LogLine } from "@/tests/support/app/log-lines";
import { BODIES, CANARY, HEADERS, MULTIPART, PATHS, TYPES } from "@/tests/support/app/odd-requests";
import { head, sendBytes } from "@/tests/support/app/raw-http";

const INFO = 30;
const WARN = 40;
const ERROR = 50;

let bench: AppBench;
let begin: number;

beforeAll(async () => {
  bench = await openAppBench();
  begin = bench.app.logs().length;
  return () => bench.close();
});

interface Attack {
  request: readonly [method: string, path: string];
  headers?: readonly string[];
  body?: string;
  abandon?: boolean;
}

const own = (): string => `Origin: ${bench.app.url}`;

function send({ request, headers = [], body, abandon }: Attack): Promise<string> {
  const length = body === undefined ? [] : [`Content-Length: ${body.length + (abandon ? 100 : 0)}`];
  return sendBytes(bench.app.url, head(bench.app.url, request, [...headers, ...length]) + (body ?? ""), abandon);
}

/**
 * The log's lines about an attack, which are as many as expected or more. An unknown action is sent after it: once its line is there, all earlier
 * ones are.
 */
async function linesAbout(attack: Attack, expected = 0): Promise<LogLine[]> {
  const start = bench.app.logs().length;
  await send(attack);
  await vi.waitFor(() => expect(linesSince(bench.app, start).length).toBeGreaterThanOrEqual(expected), PATIENCE);
  const unknown = () => linesSince(bench.app, start).filter(({ msg }) => msg === "action.unknown").length;
  const known = unknown();
  await send(action("00", "[]"));
  await vi.waitFor(() => expect(unknown()).toBeGreaterThan(known), PATIENCE);
  return linesSince(bench.app, start).slice(0, -1);
}

/** Milliseconds. */
const PATIENCE = { timeout: 20_000, interval: 10 };

function action(id: string, body: string, type = "text/plain;charset=UTF-8"): Attack {
  return { request: ["POST", "/"], headers: [own(), `Next-Action: ${id}`, `Content-Type: ${type}`], body };
}

function field(name: string, value: string): string {
  return `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

function form(body: string, { type = MULTIPART, path = "/" } = {}): Attack {
  return { request: ["POST", path], headers: [own(), `Content-Type: ${type}`], body };
}

const get = (path: string, ...headers: string[]): Attack => ({ request: ["GET", path], headers });

const MALFORMED = [[WARN, "request.malformed"]];
const UNKNOWN = [[WARN, "action.unknown"]];
const CROSS_SITE = [[WARN, "action.cross-site"]];

const known = () => actionId("disconnectSonar");
const shared = (lines: readonly LogLine[]) => lines.map(({ level, msg }) => [level, msg]);

describe("a request that cannot be read is one line, and no alarm:", () => {
  it.each<[string, () => Attack, readonly unknown[]]>([
    ["an action that no build has", () => action("00".repeat(21), "[]"), UNKNOWN],
    ["an action's id of another length", () => action(CANARY, "[]"), UNKNOWN],
    ["an action's id in capital letters", () => action(known().toUpperCase(), "[]"), UNKNOWN],
    ["an action's id that objects inherit", () => action("__proto__", "[]"), UNKNOWN],
    ["an action's id that is a script", () => action(`<script>${CANARY}</script>`, "[]"), UNKNOWN],
    ["an action's id of 5,000 letters", () => action("a".repeat(5_000), "[]"), UNKNOWN],
    ["an action without a body", () => action(known(), ""), MALFORMED],
    ["an action's body of 15 bytes", () => action(known(), `${CANARY}     `), MALFORMED],
    [
      "an action's body that is a line of a log",
      () => action(known(), `\n{"level":60,"msg":"${CANARY}"}\n]`),
      MALFORMED,
    ],
    ["an action's body of 60,000 bytes", () => action(known(), CANARY.repeat(6_000)), MALFORMED],
    ["an action's body that refers to nothing", () => action(known(), '["$F1"]'), MALFORMED],
    ["an action's body that is no list", () => action(known(), "null"), MALFORMED],
    ["an action as multipart without a boundary", () => action(known(), CANARY, "multipart/form-data"), MALFORMED],
    ["an action as multipart that ends too early", () => action(known(), `--b\r\n${CANARY}`, MULTIPART), MALFORMED],
    ["a form that is no multipart", () => form(CANARY), MALFORMED],
    ["a form without a boundary", () => form(CANARY, { type: "multipart/form-data" }), MALFORMED],
    ["a form of 60,000 bytes that is no multipart", () => form("x".repeat(60_000)), MALFORMED],
    ["a form for an unknown action", () => form(`${field("$ACTION_ID_00", CANARY)}--b--\r\n`), UNKNOWN],
    [
      "a form for an unknown action with bound arguments",
      () => form(`${field("$ACTION_REF_1", "")}${field("$ACTION_1:0", `{"id":"${CANARY}","bound":null}`)}--b--\r\n`),
      MALFORMED,
    ],
  ])("%s", async (_case, attack, expected) => {
    expect(shared(await linesAbout(attack(), expected.length))).toEqual(expected);
  });
});

describe("a request of another site is one line, and no alarm:", () => {
  it.each<[string, () => Attack, readonly unknown[]]>([
    [
      "an action",
      () => ({ ...action(known(), "[]"), headers: [`Origin: https://${CANARY}.example`, `Next-Action: ${known()}`] }),
      CROSS_SITE,
    ],
    [
      "an action from nowhere",
      () => ({ ...action(known(), "[]"), headers: ["Origin: null", `Next-Action: ${known()}`] }),
      CROSS_SITE,
    ],
    [
      "an action whose origin is no address",
      () => ({ ...action(known(), "[]"), headers: [`Origin: ${CANARY}\u00e9`, `Next-Action: ${known()}`] }),
      MALFORMED,
    ],
    [
      "an action with a host that a client has made up",
      () => ({
        ...action(known(), "[]"),
        headers: [own(), `X-Forwarded-Host: ${CANARY}.example`, `Next-Action: ${known()}`],
      }),
      CROSS_SITE,
    ],
    [
      "a form",
      () => ({ ...form(CANARY, { path: "/auth/sign-in" }), headers: [`Origin: https://${CANARY}.example`] }),
      [[WARN, "refused.cross-site"]],
    ],
  ])("%s", async (_case, attack, expected) => {
    expect(shared(await linesAbout(attack(), expected.length))).toEqual(expected);
  });
});

describe("a refusal is one line with its name:", () => {
  it.each<[string, () => Attack, readonly unknown[]]>([
    [
      "a callback without a session",
      () => get(`/oauth/callback?code=${CANARY}&state=${CANARY}`),
      [[WARN, "callback.no-session"]],
    ],
    [
      "a body over a form's limit",
      () => form(CANARY.repeat(1_000), { type: "application/x-www-form-urlencoded", path: "/auth/sign-in" }),
      [[WARN, "refused.body-too-large"]],
    ],
    [
      "a body over every limit",
      () => form(CANARY.repeat(7_000), { type: "application/x-www-form-urlencoded", path: "/nowhere" }),
      [[WARN, "refused.body-too-large"]],
    ],
    ["an action without a session", () => action(known(), "[]"), [[INFO, "refused.no-session"]]],
  ])("%s", async (_case, attack, expected) => {
    expect(shared(await linesAbout(attack(), expected.length))).toEqual(expected);
  });
});

describe("a refusal of somebody who is signed in says who:", () => {
  const WHO = {
    session: expect.stringMatching(/^[\w-]{16}$/),
    user: expect.stringMatching(/^[\w-]{16}$/),
    level: WARN,
  };

  it.each([
    ["a state that nobody has begun", `?code=${CANARY}&state=${CANARY}`, "callback.invalid-state"],
    ["a callback without a code", `?state=${CANARY}`, "callback.invalid"],
  ])("%s", async (_case, query, msg) => {
    const before = bench.app.logs().length;
    const { browser } = await bench.signedIn();
    await linesUpTo(bench.app, before, "sign-in");
    const start = bench.app.logs().length;
    await browser.get(`${bench.app.url}/oauth/callback${query}`);
    expect(await linesUpTo(bench.app, start, msg)).toEqual([expect.objectContaining({ ...WHO, msg })]);
  });

  it("more connections than a minute allows", async () => {
    const { browser } = await bench.signedIn();
    const isRefused = async () => {
      const answer = await browser.submit(`${bench.app.url}/auth/connect/sonar`);
      return answer.status === 429;
    };
    // A new minute may begin meanwhile, and then all of its uses are left.
    for (let press = 0; press < 45 && !(await isRefused()); press += 1);
    const lines = await linesUpTo(bench.app, begin, "refused.rate-limit");
    expect(lines.filter(({ msg }) => msg === "refused.rate-limit")).toEqual([
      expect.objectContaining({ ...WHO, call: "connect", code: "api/rate_limited" }),
    ]);
  });
});

describe("a connection that is given up is no fault of this site:", () => {
  it.each<[string, () => Attack]>([
    ["in an action", () => ({ ...action(known(), `["${CANARY}`), abandon: true })],
    ["in a multipart body", () => ({ ...action(known(), `--b\r\n${CANARY}`, MULTIPART), abandon: true })],
  ])("%s", async (_case, attack) => {
    expect(shared(await linesAbout(attack(), 1))).toEqual([[INFO, "request.aborted"]]);
  });
});

/** Every path, header and body in combinations, with and without an action. */
function flood(): Attack[] {
  const rsc = ["RSC: 1"];
  const methods = ["TRACE", "OPTIONS", "PROPFIND", "PUT", "DELETE", "HEAD", "PATCH"];
  const ids = [known(), "00".repeat(21), CANARY];
  return [
    ...PATHS.flatMap((path) => [
      get(path),
      get(path, ...rsc),
      { ...action(known(), "[]"), request: ["POST", path] as const },
    ]),
    ...HEADERS.flatMap((headers) => [
      get("/", ...headers),
      get("/terms", ...headers),
      { ...form("x", { path: "/auth/sign-in" }), headers },
    ]),
    ...ids.flatMap((id) => TYPES.flatMap((type) => BODIES.map((body) => action(id, body, type)))),
    ...TYPES.flatMap((type) =>
      ["/", "/terms", "/nowhere", "/api/sale", "/auth/sign-in"].map((path) => form("%zz\r\n", { type, path })),
    ),
    ...methods.flatMap((method) =>
      ["/", "/auth/sign-in", "/api/sale"].map((path): Attack => ({ request: [method, path] })),
    ),
  ];
}

/** Ends what the answer leaves open, such as a connection that a client wants to upgrade. */
async function sendAll(attacks: readonly Attack[]): Promise<void> {
  for (const attack of attacks) await send(attack);
}

it("whatever is sent, each line is JSON, none is an alarm, and none quotes a request; one line for a request at most", async () => {
  const attacks = flood();
  const start = bench.app.logs().length;
  await sendAll(attacks);
  await linesAbout(action("01", "[]"));
  const lines = linesSince(bench.app, start);
  expect(lines.filter(({ level }) => level >= ERROR)).toEqual([]);
  expect(lines.length).toBeLessThanOrEqual(attacks.length + 2);
  expect(lines.length).toBeGreaterThan(100);
  const ids = lines.map(({ requestId }) => requestId).filter((id) => id !== "-");
  expect(new Set(ids).size).toBe(ids.length);
  expect(bench.app.logs().slice(begin)).not.toContain(CANARY);
}, 120_000);

it("a failure of this site is one line at error level, with the request's id, and the page says so in words", async () => {
  const browser = new HttpBrowser();
  await browser.submit(new URL("/auth/sign-in", bench.app.url));
  await bench.database.kysely.schema.alterTable("sessions").renameTo("sessions_away").execute();
  const start = bench.app.logs().length;
  const answer = await browser.get(bench.app.url);
  const page = await answer.text();
  await bench.database.kysely.schema.alterTable("sessions_away").renameTo("sessions").execute();
  await linesAbout(action("02", "[]"));
  // The watch of the database has a line of its own.
  const alarms = linesSince(bench.app, start).filter(({ level }) => level >= ERROR);
  const bugs = alarms.filter(({ msg }) => msg !== "database.not-ready");
  expect(bugs).toEqual([expect.objectContaining({ requestId: answer.headers.get("x-request-id") })]);
  const [{ digest = "", frames = [] } = {}] = bugs;
  expect(digest).toMatch(/^\d+$/);
  expect(frames).not.toEqual([]);
  expect(page).toContain(failure("request/no_database").message);
  expect(page).not.toContain(digest);
});
