import { SonarClient } from "@echoxyz/sonar-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SANDBOX_CLIENT_UUID } from "@/lib/config/sandbox";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { SCENARIOS } from "@/sandbox/scenarios/all-scenarios";
import { callControl } from "@/tests/support/sandbox/sandbox-client";
import { SandboxBuyer } from "@/tests/support/sandbox/sandbox-buyer";
import { control, obtainTokens, REDIRECT_URI } from "@/tests/support/sandbox/sandbox-user";
import { startTestSandboxWithChain, type TestSandboxWithChain } from "@/tests/support/sandbox/test-sandbox";

const APP = new URL(REDIRECT_URI).origin;
const UNIT = 1_000_000;

let sandbox: TestSandboxWithChain;
beforeAll(async () => {
  sandbox = await startTestSandboxWithChain({ redirectUris: ["http://localhost:5173/callback", REDIRECT_URI] });
});
afterAll(() => sandbox.close());

const start = (name: string, body: object = {}) => control(sandbox.origin, "POST", `scenarios/${name}`, body);
const redeem = (ticket: string | null) => control(sandbox.origin, "POST", "scenario-tickets", { ticket });

/** Opens the consent page as a browser does; returns the code that it gives by itself, if it does. */
async function consent(): Promise<string | undefined> {
  const query = new URLSearchParams({
    client_id: SANDBOX_CLIENT_UUID,
    redirect_uri: REDIRECT_URI,
    response_type: "code",
    state: "some-state",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  });
  const answer = await fetch(`${sandbox.origin}/oauth/authorize?${query.toString()}`, { redirect: "manual" });
  const location = answer.headers.get("location");
  return location === null ? undefined : (new URL(location).searchParams.get("code") ?? undefined);
}

/** The verifier of the challenge above (RFC 7636, appendix B). */
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/** Connects with the consent that the scenario gives. */
async function connect(): Promise<SonarClient> {
  const client = new SonarClient({ apiURL: sandbox.origin });
  const code = (await consent()) ?? "";
  const tokens = await client.exchangeAuthorizationCode({ code, codeVerifier: VERIFIER, redirectURI: REDIRECT_URI });
  client.setToken(tokens.access_token);
  return client;
}

/** What the chain has after a scenario, beside the usual: open at a fixed price, without commitments. */
const ON_CHAIN: Readonly<Record<string, object>> = {
  committed: { entities: 1, totalCommitted: `${250 * UNIT}` },
  auction: { kind: "auction", entities: 3, totalCommitted: `${67_500 * UNIT}` },
  "not-open": { stage: "PreOpen" },
  paused: { paused: true, entities: 1 },
  cancellation: { stage: "Cancellation", reduceCommitmentEnabled: false, entities: 1 },
  reduction: { stage: "Cancellation", reduceCommitmentEnabled: true, entities: 1 },
  settled: { stage: "Done", entities: 1, claimRefundEnabled: true, totalAccepted: `${100 * UNIT}`, totalRefunded: "0" },
};

describe("a scenario", () => {
  it.each(SCENARIOS)("$name sets the sale, and says what is so", async ({ name, title, persona }) => {
    // Something else before, so that the scenario has to undo it.
    await sandbox.control.chain.setStage("Done");
    await sandbox.control.chain.moveClock(90 * 86_400);
    await sandbox.control.setFault({ endpoint: "/externalapi.MyProfile", effect: { kind: "hang" } });
    const response = await start(name);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      scenario: name,
      title,
      persona: { id: persona },
      wallet: { network: name === "wrong-network" ? "other" : "sale" },
      url: expect.stringMatching(new RegExp(`^${APP}/sandbox/open\\?ticket=[\\w-]{43}$`)),
    });
    const usual = { kind: "fixed-price", stage: "Commitment", paused: false, entities: 0 };
    const state = await sandbox.control.chain.state();
    expect(state).toMatchObject({ ...usual, ...ON_CHAIN[name] });
    expect(Math.abs(state.ahead)).toBeLessThan(60);
  });

  it("is consented to by its persona without a press, once", async () => {
    await start("two-entities");
    const client = await connect();
    expect((await client.myProfile()).EmailAddress).toBe("katherine@example.com");
    expect(await consent(), "the next person chooses").toBeUndefined();
  });

  it("can be played as another persona", async () => {
    const answer = await (await start("committed", { persona: "emmy" })).json();
    expect(answer).toMatchObject({ persona: { id: "emmy" }, now: expect.stringContaining("Emmy Noether") });
    expect(await sandbox.control.entities()).toEqual([
      expect.objectContaining({
        persona: { id: "emmy", name: "Emmy Noether" },
        wallets: [expect.objectContaining({ address: answer.wallet.address, label: "9, used by Emmy" })],
      }),
    ]);
  });

  it("with the sale as it is only changes who is connected", async () => {
    await start("cancellation");
    await sandbox.control.setFault({ endpoint: "/externalapi.MyProfile", latencyMs: 1 });
    const { now, wallet } = await (await start("ready", { persona: "grace", keep: true })).json();
    expect({ now, label: wallet.label }).toEqual({
      now: "Grace Hopper finds the sale as it is.",
      label: "8, used by Grace",
    });
    expect(await sandbox.control.chain.state()).toMatchObject({ stage: "Cancellation", entities: 1 });
    expect(await sandbox.control.faults()).toHaveLength(1);
    expect((await (await connect()).myProfile()).EmailAddress).toBe("grace@example.com");
  });

  it("leaves its persona able to commit with the wallet that it names", async () => {
    for (const name of ["ready", "auction"]) {
      const { wallet } = await (await start(name)).json();
      expect(wallet).toMatchObject({ address: FUNDED_WALLETS[0], label: "1, used by Ada" });
      await (await SandboxBuyer.connect(sandbox, "ada")).commit({ wallet: wallet.address, amount: 5n * BigInt(UNIT) });
    }
  });

  it("with Sonar down or slow connects first", async () => {
    await start("sonar-down");
    await expect((await connect()).myProfile()).rejects.toMatchObject({ status: 503 });
    await start("slow");
    expect(await sandbox.control.faults()).toContainEqual({ endpoint: "*", when: "before", latencyMs: 3_000 });
    await connect();
    expect(await sandbox.control.faults(), "the exchange is spared once").toHaveLength(1);
  });

  it("with a revoked connection ends it as soon as it is made, and no other", async () => {
    const other = new SonarClient({ apiURL: sandbox.origin });
    other.setToken((await obtainTokens(sandbox.origin, "grace")).access_token);
    await start("revoked");
    await expect((await connect()).myProfile()).rejects.toMatchObject({ status: 401 });
    expect((await other.myProfile()).EmailAddress).toBe("grace@example.com");
  });
});

describe("the ticket of a scenario", () => {
  it("tells the app whom to connect, once", async () => {
    const { url, persona, wallet } = await (await start("ready")).json();
    const ticket = new URL(url).searchParams.get("ticket");
    expect(await (await redeem(ticket)).json()).toMatchObject({ persona, wallet });
    expect((await redeem(ticket)).status).toBe(404);
    expect((await redeem("made-up")).status).toBe(404);
  });

  it("is for the app that is asked for, which must be registered", async () => {
    await sandbox.control.addRedirectUris("http://localhost:4321/oauth/callback");
    const { url } = await (await start("ready", { app: "http://localhost:4321" })).json();
    expect(new URL(url).origin).toBe("http://localhost:4321");
    for (const app of ["https://evil.example", "http://localhost:5173"])
      expect((await start("ready", { app })).status, app).toBe(400);
  });
});

describe("the controls of scenarios", () => {
  it("list them with title and sentence", async () => {
    const { scenarios } = JSON.parse(await callControl(sandbox.origin, "GET", "scenarios"));
    expect(scenarios).toEqual(SCENARIOS.map(({ name, title, sentence }) => ({ name, title, sentence })));
  });

  it("refuse an unknown name, an unknown persona, and what a page of another site could send", async () => {
    expect((await start("nope")).status).toBe(404);
    expect((await start("ready", { persona: "nobody-at-all" })).status).toBe(400);
    const foreign = (headers: Record<string, string>) =>
      fetch(`${sandbox.origin}/sandbox/scenarios/ready`, { method: "POST", headers, body: "{}" });
    const json = { "content-type": "application/json" };
    expect((await foreign({ ...json, origin: "https://evil.example" })).status).toBe(403);
    expect((await foreign({ ...json, "sec-fetch-site": "same-site" })).status).toBe(403);
    expect((await foreign({ "content-type": "text/plain" })).status).toBe(415);
  });

  it("tell an app's pages who is connected, the accounts, and when the sale began", async () => {
    await start("paused");
    const read = async (query = "") => JSON.parse(await callControl(sandbox.origin, "GET", `app${query}`));
    const { sale, accounts, persona } = await read("?persona=emmy");
    expect({ persona, first: accounts[0].label }).toEqual({
      persona: { id: "emmy", name: "Emmy Noether" },
      first: "9, used by Emmy",
    });
    expect(sale).toMatchObject({ stage: "Commitment", paused: true });
    expect((await read("?persona=x")).persona).toBeUndefined();
    await sandbox.control.chain.moveClock(60);
    expect((await read()).sale.beganAt, "the same chain").toBe(sale.beganAt);
  });
});
