import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sandboxClient } from "@/lib/config/sandbox";
import {
  openAppBench,
  outdateTokens,
  storedConnections,
  type AppBench,
  type AppUser,
} from "@/tests/support/app/app-bench";
import { linesUpTo } from "@/tests/support/app/log-lines";
import { ECHO } from "@/tests/support/app/upstream-gate";
import { answerJson, startLocalServer, type Handler, type LocalServer } from "@/tests/support/local-server";
import { tokenAnswer } from "@/tests/support/oauth/token-server";

const CREDENTIALS = {
  ONCEHUB_CLIENT_ID: sandboxClient("oncehub").clientId,
  ONCEHUB_CLIENT_SECRET: sandboxClient("oncehub").clientSecret,
  RAKOMI_CLIENT_ID: sandboxClient("rakomi").clientId,
  RAKOMI_CLIENT_SECRET: sandboxClient("rakomi").clientSecret,
};

/** Stands for OnceHub and Rakomi. */
let upstream: LocalServer;
let answer: Handler;
let bench: AppBench;

beforeAll(async () => {
  upstream = await startLocalServer((request, response) => answer(request, response));
  const { origin } = upstream;
  const addresses = { ONCEHUB_APP_URL: origin, ONCEHUB_API_URL: origin, RAKOMI_URL: origin };
  bench = await openAppBench({ ...CREDENTIALS, ...addresses });
  return async () => {
    await bench.close();
    await upstream.close();
  };
});
beforeEach(() => bench.reset());

/** A user who is connected to a provider by tokens that were stored before. */
async function connectedTo(provider: string): Promise<AppUser> {
  const user = await bench.signedIn();
  const session = await bench.database.kysely.selectFrom("sessions").selectAll().executeTakeFirstOrThrow();
  const tokens = { accessToken: "at-0", refreshToken: "rt-0", expiresAt: Math.floor(Date.now() / 1_000) + 3_600 };
  await bench.tokens.set({ provider, userId: session.user_id }, tokens, session.id_hash);
  return user;
}

describe("a token endpoint that names an error in an answer that is no JSON by its type", () => {
  const userInfo = (user: AppUser) => user.call("callConnection", { provider: "rakomi", call: "userInfo", input: {} });

  it.each([
    [401, "invalid_client", "oauth/invalid_client", 50],
    [400, "temporarily_unavailable", "oauth/network_error", 40],
    [400, "slow_down", "oauth/network_error", 40],
  ])("%d %s: the connection is kept, and works again", async (status, error, code, level) => {
    const user = await connectedTo("rakomi");
    await outdateTokens(bench);
    const start = bench.app.logs().length;
    answer = (_request, response) =>
      void response.writeHead(status, { "Content-Type": "text/plain" }).end(JSON.stringify({ error }));
    expect(await userInfo(user)).toMatchObject({ ok: false, error: { code } });
    expect(await storedConnections(bench)).toHaveLength(1);
    const lines = await linesUpTo(bench.app, start, "oauth.refresh");
    expect(lines.find(({ msg }) => msg === "oauth.refresh")).toMatchObject({ level, code });
    answer = ({ path }, response) =>
      answerJson(response, 200, path.includes("userinfo") ? { sub: "ada" } : tokenAnswer({ token_type: "Bearer" }));
    await expect.poll(async () => userInfo(user), { timeout: 10_000 }).toMatchObject({ ok: true });
  });

  it("400 invalid_grant: the connection ends", async () => {
    const user = await connectedTo("rakomi");
    await outdateTokens(bench);
    answer = (_request, response) => void response.writeHead(400).end('{"error":"invalid_grant"}');
    expect(await userInfo(user)).toMatchObject({ error: { code: "auth/invalid_refresh_token" } });
    expect(await storedConnections(bench)).toEqual([]);
  });
});

/** Milliseconds. Each of these lists would take the process five to fifteen seconds on a small machine, row by row. */
const SOON = 2_000;

/** Each fits into UPSTREAM_MAX_BYTES. */
const LONG_LISTS = [
  ["empty rows", Array(300_000).fill("{}").join()],
  ["numbers", Array(490_000).fill("1").join()],
  ["good ids", Array.from({ length: 60_000 }, (_, at) => `{"id":"${at}"}`).join()],
] as const;

describe.each(LONG_LISTS)("an upstream's list of far too many rows (%s)", (_kind, list) => {
  /** The longest time for which nobody was answered while `act` ran. */
  async function longestSilence(act: () => Promise<unknown>): Promise<number> {
    let [longest, isOver] = [0, false];
    const probing = (async () => {
      while (!isOver) {
        const asked = performance.now();
        await (await fetch(`${bench.app.url}/api/health`)).text();
        longest = Math.max(longest, performance.now() - asked);
        await sleep(10);
      }
    })();
    await act().finally(() => (isOver = true));
    await probing;
    return longest;
  }

  const unreadable = { ok: false, error: { code: "api/invalid_response" } };

  it("of bookings is unreadable, and everybody else is answered meanwhile", async () => {
    const user = await connectedTo("oncehub");
    answer = (_request, response) => void response.writeHead(200).end(`{"data":[${list}]}`);
    const silence = await longestSilence(async () => {
      const call = { provider: "oncehub", call: "listBookings", input: {} };
      expect(await user.call("callConnection", call)).toMatchObject(unreadable);
    });
    expect(silence).toBeLessThan(SOON);
  });

  it("of entities or amounts of a commitment, too", async () => {
    const user = await bench.connected();
    bench.gate.change(ECHO.entities, () => `{"Entities":[${list}]}`);
    bench.gate.change(ECHO.commitments, (good) => {
      const data = JSON.parse(good);
      const text = JSON.stringify({ ...data, Commitments: [{ ...data.Commitments[0], Amounts: "here" }] });
      return text.replace('"here"', `[${list}]`);
    });
    const silence = await longestSilence(async () => {
      expect(await user.call("getEntities", {})).toMatchObject(unreadable);
      expect((await fetch(`${bench.app.url}/api/commitments`)).status).toBe(200);
    });
    bench.gate.change(ECHO.entities, (good) => good);
    bench.gate.change(ECHO.commitments, (good) => good);
    expect(silence).toBeLessThan(SOON);
  });
});
