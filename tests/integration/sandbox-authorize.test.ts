import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildAuthorizationUrl, generatePKCEParams } from "@echoxyz/sonar-core";
import { SANDBOX_CLIENT_UUID } from "@/lib/config/sandbox";
import { PERSONAS } from "@/sandbox/echo/personas/all-personas";
import { startEcho, type RunningEcho } from "@/sandbox/echo/server";
import { REDIRECT_URI, approve, postConsent } from "@/tests/support/sandbox/sandbox-user";

const OTHER_REDIRECT_URI = "http://localhost:3000/other?tenant=7";

let echo: RunningEcho;
beforeAll(async () => {
  echo = await startEcho({ port: 0, redirectUris: [REDIRECT_URI, OTHER_REDIRECT_URI] });
});
afterAll(() => echo.close());

async function authorizeUrl(changes: Readonly<Record<string, string | undefined>> = {}): Promise<URL> {
  const { state, codeChallenge } = await generatePKCEParams();
  const url = buildAuthorizationUrl({
    clientUUID: SANDBOX_CLIENT_UUID,
    redirectURI: REDIRECT_URI,
    state,
    codeChallenge,
    frontendURL: echo.origin,
  });
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url;
}

const visit = (url: URL) => fetch(url, { redirect: "manual" });

async function redirectOf(response: Response): Promise<URL> {
  expect(response.status).toBe(303);
  expect(response.headers.get("cache-control")).toBe("no-store");
  return new URL(response.headers.get("location") ?? "");
}

describe("the consent page", () => {
  it("offers every persona and both decisions in a form that needs no script", async () => {
    const response = await visit(await authorizeUrl());
    const markup = await response.text();
    expect(response.status).toBe(200);
    for (const { id } of PERSONAS) expect(markup).toContain(`type="radio" name="persona" value="${id}"`);
    expect(markup).toMatch(/<button[^>]*value="approve"/);
    expect(markup).toMatch(/<button[^>]*value="deny"/);
    // The search needs the script, and is hidden without.
    expect(markup).toMatch(/<label[^>]*class="search"[^>]*hidden/);
  });

  it("says what each persona will find, and has the first one chosen", async () => {
    const markup = await (await visit(await authorizeUrl())).text();
    const line = (id: string) => new RegExp(`value="${id}"[^>]*>.*?</label`, "s").exec(markup)?.[0] ?? "";
    expect(line("ada")).toContain("Ready: can commit 1 to 5,000");
    expect(line("grace")).toContain("Ready: can commit 250 to 2,500");
    expect(line("mary")).toContain("Ready: can commit any amount, at 2 to 20 price steps");
    expect(line("katherine")).toContain("Ready: 2 of 3 entities can commit");
    expect(line("alan")).toContain("Blocked: setup not started");
    expect(line("annie")).toContain("Blocked: at the commit, its permit has expired");
    expect(line("nobody")).toContain("Blocked: has no entity");
    expect(markup.match(/ checked/g)).toHaveLength(1);
    expect(line("ada")).toContain(" checked");
  });

  it("lets its form lead to the app's origin only, and cannot be framed or cached", async () => {
    const { headers } = await visit(await authorizeUrl());
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("form-action 'self' http://localhost:3000");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe-inline");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("same-origin");
  });

  it("shows a state full of markup as text only", async () => {
    const markup = await (await visit(await authorizeUrl({ state: `"><script>alert(1)</script>` }))).text();
    expect(markup).not.toContain("<script>alert");
    expect(markup).toContain("&quot;&gt;&lt;script&gt;");
  });
});

describe("an untrusted authorize request ends on a page, never in a redirect:", () => {
  it.each([
    ["an unknown client", { client_id: "00000000-0000-4000-8000-000000000000" }],
    ["no client", { client_id: undefined }],
    ["no redirect URI", { redirect_uri: undefined }],
    ["a redirect URI of another site", { redirect_uri: "https://evil.example/oauth/callback" }],
    ["a redirect URI with a trailing slash", { redirect_uri: `${REDIRECT_URI}/` }],
    ["a redirect URI with an added query", { redirect_uri: `${REDIRECT_URI}?x=1` }],
    ["a redirect URI on another port", { redirect_uri: "http://localhost:3001/oauth/callback" }],
    ["a redirect URI in another case", { redirect_uri: "http://LOCALHOST:3000/oauth/callback" }],
  ])("%s", async (_, changes) => {
    for (const response of [
      await visit(await authorizeUrl(changes)),
      await postConsent(await authorizeUrl(changes), {}),
    ]) {
      expect(response.status).toBe(400);
      expect(response.headers.get("location")).toBeNull();
      expect(response.headers.get("content-type")).toContain("text/html");
    }
  });

  it("with the address that was sent, and three ways to register it", async () => {
    const redirect_uri = "http://localhost:5173/callback?a=1&b=<i>";
    const { origin } = await authorizeUrl();
    const page = await (await visit(await authorizeUrl({ redirect_uri }))).text();
    expect(page).toContain("http://localhost:5173/callback?a=1&amp;b=&lt;i&gt; is not registered for the app");
    expect(page).toContain(`enter it in the sandbox controls at ${origin}/`);
    expect(page).toContain("start the sandbox with SONAR_REDIRECT_URI set to it");
    expect(page).toContain(`PUT ${origin}/sandbox/redirect-uris`);
  });

  it.each(["client_id", "redirect_uri"])("%s given twice", async (name) => {
    const url = await authorizeUrl();
    url.searchParams.append(name, url.searchParams.get(name) ?? "");
    const response = await visit(url);
    expect(response.status).toBe(400);
    expect(response.headers.get("location")).toBeNull();
  });
});

describe("an invalid authorize request of a known client returns with an error and its state:", () => {
  it.each([
    ["no response_type", { response_type: undefined }, "invalid_request"],
    ["another response_type", { response_type: "token" }, "unsupported_response_type"],
    ["no code_challenge", { code_challenge: undefined }, "invalid_request"],
    ["a code_challenge that is no SHA-256", { code_challenge: "short" }, "invalid_request"],
    ["the method plain", { code_challenge_method: "plain" }, "invalid_request"],
    ["an empty method", { code_challenge_method: "" }, "invalid_request"],
  ])("%s", async (_, changes, error) => {
    const url = await authorizeUrl({ ...changes, state: "a state+with/odd=characters&more" });
    const target = await redirectOf(await visit(url));
    expect(target.origin + target.pathname).toBe(REDIRECT_URI);
    expect(target.searchParams.get("error")).toBe(error);
    expect(target.searchParams.get("state")).toBe("a state+with/odd=characters&more");
    expect(target.searchParams.has("code")).toBe(false);
  });

  it("no state", async () => {
    const target = await redirectOf(await visit(await authorizeUrl({ state: undefined })));
    expect(target.searchParams.get("error")).toBe("invalid_request");
    expect(target.searchParams.has("state")).toBe(false);
  });

  it.each(["state", "response_type", "code_challenge", "scope"])("%s given twice", async (name) => {
    const url = await authorizeUrl({ scope: "x" });
    url.searchParams.append(name, url.searchParams.get(name) ?? "");
    expect((await redirectOf(await visit(url))).searchParams.get("error")).toBe("invalid_request");
  });

  it("is checked again when the form is posted", async () => {
    const url = await authorizeUrl({ code_challenge: undefined });
    const target = await redirectOf(await postConsent(url, { persona: "ada", decision: "approve" }));
    expect(target.searchParams.get("error")).toBe("invalid_request");
  });
});

describe("a decision", () => {
  it("to approve sends a code and the unchanged state back", async () => {
    const url = await authorizeUrl({ code_challenge_method: "S256" });
    const callback = await approve(url);
    expect(callback.origin + callback.pathname).toBe(REDIRECT_URI);
    expect(callback.searchParams.get("state")).toBe(url.searchParams.get("state"));
    expect(callback.searchParams.get("code")).toMatch(/^[\w-]{43}$/);
  });

  it("gives a new code every time", async () => {
    const url = await authorizeUrl();
    expect((await approve(url)).searchParams.get("code")).not.toBe((await approve(url)).searchParams.get("code"));
  });

  it("keeps the query of a registered redirect URI", async () => {
    const callback = await approve(await authorizeUrl({ redirect_uri: OTHER_REDIRECT_URI }));
    expect([...callback.searchParams.keys()]).toEqual(["tenant", "code", "state"]);
  });

  it("to deny sends access_denied and the state, whatever persona was chosen", async () => {
    const url = await authorizeUrl();
    for (const persona of ["ada", ""]) {
      const target = await redirectOf(await postConsent(url, { persona, decision: "deny" }));
      expect(target.searchParams.get("error")).toBe("access_denied");
      expect(target.searchParams.get("state")).toBe(url.searchParams.get("state"));
      expect(target.searchParams.has("code")).toBe(false);
    }
  });

  it.each([
    ["an unknown persona", { persona: "nobody-known", decision: "approve" }],
    ["no persona", { decision: "approve" }],
    ["no decision", { persona: "ada" }],
    ["another decision", { persona: "ada", decision: "maybe" }],
  ])("with %s is an error page", async (_, fields) => {
    const response = await postConsent(await authorizeUrl(), fields);
    expect(response.status).toBe(400);
    expect(response.headers.get("location")).toBeNull();
  });

  it.each([
    ["sec-fetch-site", "cross-site"],
    ["sec-fetch-site", "same-site"],
    ["origin", "https://evil.example"],
    ["origin", "null"],
  ])("from a page of another site is rejected: %s %s", async (name, value) => {
    const url = await authorizeUrl();
    const body = new URLSearchParams(url.search);
    body.set("persona", "ada");
    body.set("decision", "approve");
    const response = await fetch(`${echo.origin}/oauth/authorize`, {
      method: "POST",
      body,
      headers: { [name]: value },
      redirect: "manual",
    });
    expect(response.status).toBe(403);
    expect(response.headers.get("location")).toBeNull();
  });

  it("must be a form", async () => {
    const response = await fetch(await authorizeUrl(), {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    expect(response.status).toBe(415);
  });
});

describe("the other pages", () => {
  it("explain the hosted setup of the sandbox's sale, with and without /home, and of no other sale", async () => {
    const sale = "5a1e0000-7e57-4a1e-8b2c-2c0ffee5a1e1";
    for (const path of [`/sonar/${sale}`, `/sonar/${sale}/home`]) {
      const response = await fetch(echo.origin + path);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain("verification");
    }
    expect((await fetch(`${echo.origin}/sonar/00000000-0000-4000-8000-000000000000/home`)).status).toBe(404);
  });
});
