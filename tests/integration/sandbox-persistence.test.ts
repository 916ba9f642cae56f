import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SonarClient } from "@echoxyz/sonar-core";
import { SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { startEcho } from "@/sandbox/echo/server";
import { REDIRECT_URI, callEcho, obtainCode, obtainTokens } from "@/tests/support/sandbox/sandbox-user";
import { temporaryFolder } from "@/tests/support/temporary-folder";

let folder: ReturnType<typeof temporaryFolder>;
let dataFile: string;
beforeEach(() => {
  folder = temporaryFolder();
  dataFile = join(folder.path, "data", "echo.json");
});
afterEach(() => folder.remove());

const start = () => startEcho({ port: 0, redirectUris: [REDIRECT_URI], dataFile });

/** Runs `work` with a sandbox on the data file, and closes it. */
async function during<T>(work: (origin: string) => Promise<T>): Promise<T> {
  const echo = await start();
  try {
    return await work(echo.origin);
  } finally {
    await echo.close();
  }
}

const profileStatus = async (origin: string, token: string) =>
  (await callEcho(origin, "/externalapi.MyProfile", {}, { authorization: `api:Bearer ${token}` })).status;
const refresh = (origin: string, refreshToken: string) =>
  new SonarClient({ apiURL: origin }).refreshToken({ refreshToken });

describe("after a restart", () => {
  it("access and refresh tokens still work", async () => {
    const tokens = await during((origin) => obtainTokens(origin, "grace"));
    await during(async (origin) => {
      expect(await profileStatus(origin, tokens.access_token)).toBe(200);
      expect(await profileStatus(origin, (await refresh(origin, tokens.refresh_token)).access_token)).toBe(200);
    });
  });

  it("a rotated refresh token and a used code are still known as used", async () => {
    const [pending, first, second] = await during(async (origin) => {
      const code = await obtainCode(origin);
      const tokens = await new SonarClient({ apiURL: origin }).exchangeAuthorizationCode(code);
      return [code, tokens, await refresh(origin, tokens.refresh_token)] as const;
    });
    await during(async (origin) => {
      await expect(refresh(origin, first.refresh_token)).rejects.toMatchObject({ status: 401 });
      expect(await profileStatus(origin, second.access_token)).toBe(401);
      await expect(new SonarClient({ apiURL: origin }).exchangeAuthorizationCode(pending)).rejects.toMatchObject({
        status: 400,
      });
    });
  });

  it("an unused code can be exchanged", async () => {
    const pending = await during((origin) => obtainCode(origin));
    await during((origin) => new SonarClient({ apiURL: origin }).exchangeAuthorizationCode(pending));
  });

  it("a revoked connection stays revoked", async () => {
    const tokens = await during(async (origin) => {
      const issued = await obtainTokens(origin);
      await fetch(`${origin}/sandbox/revoke-everything`, {
        method: "POST",
        headers: { "content-type": "application/json" },
      });
      return issued;
    });
    await during(async (origin) => expect(await profileStatus(origin, tokens.access_token)).toBe(401));
  });

  it("a list that has been filled stays filled", async () => {
    const listLength = async (origin: string, token: string) => {
      const client = new SonarClient({ apiURL: origin });
      client.setToken(token);
      return (await client.listAvailableEntities({ saleUUID: SANDBOX_SALE_UUID })).Entities.length;
    };
    const token = await during(async (origin) => {
      const { access_token } = await obtainTokens(origin, "slow");
      expect([await listLength(origin, access_token), await listLength(origin, access_token)]).toEqual([0, 0]);
      return access_token;
    });
    await during(async (origin) => expect(await listLength(origin, token)).toBe(1));
  });
});

describe("the data file", () => {
  it("is readable for its owner only, contains hashes and no secrets, and is replaced as a whole", async () => {
    const pending = await during(async (origin) => {
      const code = await obtainCode(origin);
      const first = await new SonarClient({ apiURL: origin }).exchangeAuthorizationCode(code);
      const second = await refresh(origin, first.refresh_token);
      return [code.code, code.codeVerifier, ...[first, second].flatMap((t) => [t.access_token, t.refresh_token])];
    });
    expect(statSync(dataFile).mode & 0o777).toBe(0o600);
    const text = readFileSync(dataFile, "utf8");
    for (const secret of pending) expect(text).not.toContain(secret);
    expect(readdirSync(join(folder.path, "data"))).toEqual(["echo.json"]);
  });

  it("is written before the answer, so that a killed process loses nothing", async () => {
    const echo = await start();
    const { access_token } = await obtainTokens(echo.origin);
    await during(async (origin) => expect(await profileStatus(origin, access_token)).toBe(200));
    await echo.close();
  });

  it.each(["", "{", "null", "[]", '{"codes":[]}', '{"codes":[],"grants":[{"id":1}]}', '{"codes":[{}],"grants":[]}'])(
    "that is %j is reported and set aside, and everything starts afresh",
    async (content) => {
      const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
      await during((origin) => obtainTokens(origin));
      writeFileSync(dataFile, content);
      await during(async (origin) => {
        const { access_token } = await obtainTokens(origin);
        expect(await profileStatus(origin, access_token)).toBe(200);
      });
      expect(warn).toHaveBeenCalledWith(expect.stringContaining(dataFile));
      const aside = readdirSync(join(folder.path, "data")).find((name) => name.startsWith("echo.json.corrupt-"));
      expect(readFileSync(join(folder.path, "data", aside ?? ""), "utf8")).toBe(content);
    },
  );

  it("is optional: without one nothing is written", async () => {
    const echo = await startEcho({ port: 0, redirectUris: [REDIRECT_URI] });
    await obtainTokens(echo.origin);
    await echo.close();
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
