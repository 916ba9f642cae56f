import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { NOBODY } from "@/tests/support/app/app-environment";
import { HttpBrowser, redirectOf } from "@/tests/support/app/http-browser";
import { approve } from "@/tests/support/sandbox/sandbox-user";

let bench: AppBench;

beforeAll(async () => void (bench = await openAppBench()));
beforeEach(() => bench.reset());
afterAll(() => bench.close());

const FIELDS = { connect: "1", returnTo: "/terms" };

/** Presses "Sign in and connect Sonar". */
function press(browser: HttpBrowser): Promise<Response> {
  return browser.submit(new URL("/auth/sign-in", bench.app.url), FIELDS);
}

async function consentPage(browser: HttpBrowser): Promise<URL> {
  return redirectOf(await press(browser)) ?? new URL(NOBODY);
}

async function sessions(): Promise<string[]> {
  const rows = await bench.database.kysely.selectFrom("sessions").select("id_hash").execute();
  return rows.map(({ id_hash }) => id_hash);
}

/** The path that the callback leads to, after Ada has approved. */
async function afterApproval(browser: HttpBrowser, consent: URL): Promise<string> {
  const target = redirectOf(await browser.get(await approve(consent)));
  return target ? target.pathname + target.search : "";
}

it("one press leads to Sonar's consent page, and from there back to the page, connected", async () => {
  const browser = new HttpBrowser();
  const answer = await press(browser);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const consent = redirectOf(answer) ?? new URL(NOBODY);
  expect(consent.origin).toBe(bench.sandbox.origin);
  expect(await sessions()).toHaveLength(1);
  expect(await afterApproval(browser, consent)).toBe("/terms");
  expect(await (await browser.get(bench.app.url)).text()).toContain("Ada Lovelace");
});

it("it always begins a new session, and ends one that the browser has sent", async () => {
  const browser = new HttpBrowser();
  await press(browser);
  const [before] = await sessions();
  const consent = await consentPage(browser);
  const after = await sessions();
  expect(after).toHaveLength(1);
  expect(after).not.toContain(before);
  expect(await afterApproval(browser, consent)).toBe("/terms");
});

it("what it begins cannot be completed in another browser", async () => {
  const consent = await consentPage(new HttpBrowser());
  const stranger = new HttpBrowser();
  await press(stranger);
  expect(await afterApproval(stranger, consent)).toBe("/oauth/error?code=oauth%2Finvalid_state");
});

it("it comes from this site's own pages only", async () => {
  const target = new URL("/auth/sign-in", bench.app.url);
  const headers = { Origin: "https://evil.example" };
  const body = new URLSearchParams(FIELDS);
  const answer = await new HttpBrowser().send(target, { method: "POST", headers, body });
  expect(redirectOf(answer)?.search).toBe("?code=request%2Fcross_site");
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect(await sessions()).toEqual([]);
});
