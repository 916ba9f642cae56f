import { afterAll, beforeAll, expect, it } from "vitest";
import { appUser, credentialsEnvironment, startUpstream, type Upstream } from "@/tests/support/app/app-bench";
import { appUrl, startApp, type AppProcess } from "@/tests/support/app/app-process";
import { connectAs, HttpBrowser, signIn } from "@/tests/support/app/http-browser";
import { createDatabase, migrateDatabase } from "@/tests/support/database/databases";
import { startRoundTripCounter, type RoundTripCounter } from "@/tests/support/database/round-trips";
import { freePort } from "@/tests/support/local-server";

let counter: RoundTripCounter;
let upstream: Upstream;
let app: AppProcess;

beforeAll(async () => {
  const databaseUrl = await createDatabase();
  await migrateDatabase(databaseUrl);
  counter = await startRoundTripCounter(databaseUrl);
  const port = await freePort();
  upstream = await startUpstream(appUrl(port));
  app = await startApp({ port, env: credentialsEnvironment(upstream, counter.url) });
});
afterAll(async () => {
  await app.stop();
  await upstream.close();
  await counter.close();
});

/**
 * Loads a page once before, so that the connections to the database are open. Then the fewest of three loads count: a busy machine can ask two
 * questions apart that nothing but its load separates.
 */
async function roundsOf(browser: HttpBrowser, path: string): Promise<number> {
  const load = async () => (await browser.get(app.url + path)).text();
  await Promise.all([load(), load(), load()]);
  const rounds: number[] = [];
  while (rounds.length < 3) rounds.push(await counter.count(load));
  return Math.min(...rounds);
}

it("a connected user's pages wait for the database at most three times in a row", async () => {
  const { browser } = appUser(app.url);
  await signIn(browser, app.url);
  await connectAs(browser, app.url);
  for (const path of ["/", "/activity", "/connections", "/account"]) {
    expect(await roundsOf(browser, path), path).toBeLessThanOrEqual(3);
  }
});

it("a signed-out visitor's page does not wait for the database", async () => {
  expect(await roundsOf(new HttpBrowser(), "/")).toBe(0);
});
