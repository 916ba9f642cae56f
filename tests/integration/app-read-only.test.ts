import { beforeAll, describe, expect, it } from "vitest";
import { entityId } from "@/sandbox/echo/personas/persona";
import { appUser, credentialsEnvironment, startUpstream, type Upstream } from "@/tests/support/app/app-bench";
import { appUrl, type AppProcess } from "@/tests/support/app/app-process";
import { connectAs, redirectOf, signIn } from "@/tests/support/app/http-browser";
import { makeReadOnlyDeployment, type ReadOnlyDeployment } from "@/tests/support/app/read-only-deployment";
import { createDatabase, migrateDatabase } from "@/tests/support/database/databases";
import { freePort } from "@/tests/support/local-server";

describe("on Vercel, where nothing can be written", () => {
  let deployment: ReadOnlyDeployment;
  let upstream: Upstream;
  let app: AppProcess;
  let before: string[];

  beforeAll(async () => {
    deployment = makeReadOnlyDeployment();
    before = deployment.listing();
    const port = await freePort();
    upstream = await startUpstream(appUrl(port));
    const databaseUrl = await createDatabase();
    await migrateDatabase(databaseUrl);
    app = await deployment.start(port, { ...credentialsEnvironment(upstream, databaseUrl), VERCEL: "1" });
    return async () => {
      await app.stop();
      await upstream.close();
      deployment.remove();
    };
  });

  it("not even a folder can be made, or the tests below would prove nothing", async () => {
    for (const folder of [".data", ".next/cache"]) {
      const { exitCode, output } = await deployment.run(["-e", `require("node:fs").mkdirSync("${folder}")`]);
      expect([exitCode, output]).toEqual([1, expect.stringMatching(/EACCES|EROFS/)]);
    }
  });

  it("the whole flow works: sign in, connect, see entities, call, disconnect, sign out", async () => {
    const { browser, call } = appUser(app.url);
    const page = async () => (await browser.get(app.url)).text();
    expect(await page()).toContain("Sign in");
    await signIn(browser, app.url);
    expect(await page()).toContain("Connect with Sonar");
    expect((await connectAs(browser, app.url)).pathname).toBe("/");
    expect(await page()).toContain("Ada Lovelace");
    expect(await call("getEntity", { entityID: entityId("ada") })).toMatchObject({ ok: true });
    expect(await (await browser.get(`${app.url}/api/commitments`)).json()).toMatchObject({ ok: true });
    expect((await browser.get(`${app.url}/api/health?ready`)).status).toBe(200);
    expect(redirectOf(await browser.submit(`${app.url}/auth/disconnect/sonar`))?.pathname).toBe("/");
    expect(await call("getEntities", {})).toMatchObject({ error: { code: "connection/not_connected" } });
    expect(redirectOf(await browser.submit(`${app.url}/auth/sign-out`))?.pathname).toBe("/");
    expect(await page()).toContain("Sign in");
  });

  it("nothing was written, and nothing was tried in vain", () => {
    expect(deployment.listing()).toEqual(before);
    expect(app.logs()).not.toMatch(/EACCES|EROFS|unexpected|hidden-error/);
  });
});
