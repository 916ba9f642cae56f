import { chromium, type Browser, type Page } from "@playwright/test";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBrowser } from "@/scripts/find-browser";
import { startLocalServer, type LocalServer } from "@/tests/support/local-server";
import { startForeignSandbox, type ForeignSandbox } from "./sandbox-process";

/** An account of the sandbox that has tokens. */
const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

let sandbox: ForeignSandbox;
let site: LocalServer;
let browser: Browser;
let page: Page;
let home: string;
const errors: Error[] = [];

/** The client's script, bundled as a single-page app is. */
async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
    oxc: { jsx: { runtime: "automatic", development: false } },
    build: {
      write: false,
      minify: false,
      lib: { entry: "tests/foreign/browser-client.tsx", formats: ["es"], fileName: "client" },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  const chunk = output && "output" in output ? output.output[0] : undefined;
  if (!chunk) throw new Error("The client was not bundled");
  return chunk.code;
}

/** A static host: every address is the same page. */
async function startSite(script: string, settings: () => URLSearchParams): Promise<LocalServer> {
  return startLocalServer(({ path }, response) => {
    const isScript = path.startsWith("/client.js");
    response.writeHead(200, { "Content-Type": isScript ? "text/javascript" : "text/html" });
    const src = `/client.js?${settings()}`.replaceAll("&", "&amp;");
    response.end(
      isScript
        ? script
        : `<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="${src}"></script>`,
    );
  });
}

beforeAll(async () => {
  site = await startSite(await bundle(), () => {
    const { clientUUID: client, saleUUID: sale, origin: echo } = sandbox;
    return new URLSearchParams({ client, sale, echo, wallet: WALLET });
  });
  // Another site than the sandbox's 127.0.0.1.
  home = `http://localhost:${new URL(site.origin).port}`;
  sandbox = await startForeignSandbox("http://localhost:3000/callback", 31_337);
  browser = await chromium.launch({ executablePath: findBrowser(), args: ["--no-sandbox", "--disable-gpu"] });
  page = await browser.newPage();
  page.on("pageerror", (error) => errors.push(error));
});
afterAll(async () => {
  await browser.close();
  await site.close();
  await sandbox.stop();
});

const fact = (name: string) => page.locator(`[data-fact="${name}"]`).first().textContent();

async function signIn(persona?: RegExp): Promise<void> {
  await page.getByRole("button", { name: "Sign in with Echo" }).click();
  if (persona) await page.getByRole("radio", { name: persona }).check();
  await page.getByRole("button", { name: /^(Approve|Allow)/ }).click();
  await page.getByRole("link", { name: "Continue" }).click();
}

describe("a browser-only client on sonar-core and sonar-react", () => {
  it("shows the public commitments before anybody signs in", async () => {
    await page.goto(home);
    expect(await fact("commitments")).toBe("321");
  });

  it("is told on the consent page how to register its redirect URI, and does so in the controls", async () => {
    await page.getByRole("button", { name: "Sign in with Echo" }).click();
    const refusal = page.getByText(`${home}/callback is not registered for the app`);
    expect(await refusal.textContent()).toContain(`enter it in the sandbox controls at ${sandbox.origin}/`);
    await page.goto(sandbox.origin);
    await page.getByLabel("Redirect URI of another app").fill(`${home}/callback`);
    await page.getByRole("button", { name: "Register" }).click();
    await page
      .getByRole("listitem")
      .filter({ hasText: `${home}/callback` })
      .waitFor();
    await page.goto(home);
  });

  it("signs in on the consent page, and shows the profile, the entity and its purchase check", async () => {
    await signIn();
    expect(await fact("email")).toBe("ada@example.com");
    expect(await fact("entity")).toBe("Ada Lovelace, complete, eligible");
  });

  it("gets a permit for its wallet", async () => {
    await page.getByRole("button", { name: "Get a permit" }).click();
    const { PermitJSON, Signature } = JSON.parse((await fact("permit")) ?? "");
    expect(PermitJSON).toMatchObject({ Wallet: WALLET.toLowerCase(), MinPrice: 0, MaxPrice: 0 });
    expect(PermitJSON).toHaveProperty("OpensAt");
    expect(Signature).toMatch(/^0x[0-9a-f]{130}$/);
  });

  it("stays signed in over a reload, and can sign out", async () => {
    await page.reload();
    expect(await fact("entity")).toContain("Ada Lovelace");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in with Echo" }).waitFor();
  });

  it("shows the reason of a check that fails", async () => {
    await signIn(/Hedy Lamarr/);
    expect(await fact("reason")).toBe("requires-liveness");
  });

  it("was let through by a preflight for each of Echo's endpoints that it called", async () => {
    const { requests } = await (await fetch(`${sandbox.origin}/sandbox/requests`)).json();
    const sent = (method: string) =>
      new Set(
        requests
          .filter(
            (request: { method: string; status?: number }) => request.method === method && (request.status ?? 0) < 300,
          )
          .map(({ path }: { path: string }) => path),
      );
    expect(sent("OPTIONS")).toEqual(
      new Set([
        "/oauth.ExchangeAuthorizationCodeV2",
        "/externalapi.MyProfile",
        "/externalapi.ListAvailableEntities",
        "/externalapi.PrePurchaseCheck",
        "/externalapi.GenerateSalePurchasePermit",
        "/sonar/v1/public/read-commitment-data",
      ]),
    );
    for (const path of sent("OPTIONS")) expect(sent("POST")).toContain(path);
    expect(errors).toEqual([]);
  });
});
