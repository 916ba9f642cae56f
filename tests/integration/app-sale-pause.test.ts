import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE } from "@/lib/config/sandbox";
import { positionIn, type Positions } from "@/lib/purchase/position";
import { PHASE_WORDS } from "@/lib/sale/phase";
import { openDatabase, type Database } from "@/lib/stores/database";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { entityId } from "@/sandbox/echo/personas/persona";
import { appUser, credentialsEnvironment, type AppUser } from "@/tests/support/app/app-bench";
import { startApp, type AppProcess } from "@/tests/support/app/app-process";
import { acceptTerms, WALLET } from "@/tests/support/app/call-action";
import { connectAs, signIn } from "@/tests/support/app/http-browser";
import { compileOperatorCommands, type OperatorCommands } from "@/tests/support/app/operator-command";
import { ECHO, startUpstreamGate, type UpstreamGate } from "@/tests/support/app/upstream-gate";
import { migrateDatabase } from "@/tests/support/database/databases";
import { emptyTables, postgres } from "@/tests/support/database/store-bench";
import { startLoadBalancer, type LoadBalancer } from "@/tests/support/local-server";
import { SandboxBuyer } from "@/tests/support/sandbox/sandbox-buyer";
import { REDIRECT_URI } from "@/tests/support/sandbox/sandbox-user";
import { startTestSandboxWithChain, type TestSandboxWithChain } from "@/tests/support/sandbox/test-sandbox";

const [PAYER] = FUNDED_WALLETS;
if (!PAYER) throw new Error("the sandbox has no wallet");

const AMOUNT = 300_000_000n;
const PAUSED = { ok: false, error: { code: "sale/paused_by_site", recovery: "retry" } };
const INSTANCES = ["first", "second"] as const;

/** Milliseconds. */
const PATIENCE = { timeout: 20_000, interval: 100 };

describe("a sale that this site pauses, on two instances with one Postgres", () => {
  let balancer: LoadBalancer;
  let sandbox: TestSandboxWithChain;
  let gate: UpstreamGate;
  let databaseUrl: string;
  let env: Record<string, string>;
  let apps: Record<(typeof INSTANCES)[number], AppProcess>;
  let database: Database;
  let commands: OperatorCommands;

  beforeAll(async () => {
    commands = await compileOperatorCommands();
    databaseUrl = (await postgres.newPlace()).url;
    await migrateDatabase(databaseUrl);
    balancer = await startLoadBalancer();
    sandbox = await startTestSandboxWithChain({ redirectUris: [`${balancer.url}/oauth/callback`, REDIRECT_URI] });
    gate = await startUpstreamGate(sandbox.origin);
    env = {
      ...credentialsEnvironment({ sandbox, gate, close: sandbox.close }, databaseUrl),
      APP_URL: balancer.url,
      SALE_CHAIN_ID: String(SANDBOX_DEFAULT_CHAIN_ID),
      SALE_CONTRACT_ADDRESS: SANDBOX_SALE,
      RPC_URLS: sandbox.rpcUrl,
      PUBLIC_RPC_URLS: sandbox.rpcUrl,
      RATE_PERMIT_PER_MINUTE: "1000",
      // Longer than a command takes to start on a busy machine.
      UPSTREAM_TIMEOUT_MS: "40000",
    };
    const [first, second] = await Promise.all([startApp({ env }), startApp({ env })]);
    apps = { first, second };
    database = await openDatabase(databaseUrl);
    return async () => {
      await Promise.all([first.stop(), second.stop()]);
      await database.kysely.destroy();
      await balancer.close();
      await sandbox.close();
      await gate.close();
      commands.remove();
    };
  });

  beforeEach(async () => {
    await sandbox.control.reset({ grants: true });
    await emptyTables(database);
    balancer.sendTo(...Object.values(apps).map(({ url }) => url));
    await vi.waitFor(async () => {
      for (const name of INSTANCES) expect((await stateOn(name)).data).not.toHaveProperty("pausedBySite");
    }, PATIENCE);
  });

  const sale = async (...args: string[]) => {
    // The database's address is enough, also where the rest of the configuration is wrong.
    const { exitCode, output } = await commands.run("sale", args, {
      DATABASE_URL: databaseUrl,
      APP_URL: "wrong",
    });
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    return output;
  };

  const sendTo = (name: keyof typeof apps) => balancer.sendTo(apps[name].url);
  const stateOn = async (name: keyof typeof apps) => (await fetch(`${apps[name].url}/api/sale`)).json();
  const showsPause = async ({ url }: AppProcess) =>
    (await (await fetch(url)).text()).includes(PHASE_WORDS["paused-by-site"].sentence);
  const permitsAsked = async () => (await sandbox.control.requests(ECHO.permit)).length;

  async function buyer(persona = "ada"): Promise<AppUser> {
    const user = appUser(balancer.url);
    await signIn(user.browser, balancer.url);
    await connectAs(user.browser, balancer.url, persona);
    await acceptTerms(user.browser, balancer.url, entityId(persona));
    return user;
  }

  const askPermit = ({ call }: AppUser, more = {}) =>
    call("generatePurchasePermit", { entityID: entityId("ada"), walletAddress: WALLET, ...more });

  const positionOf = async ({ call }: AppUser) => {
    const positions = await call<Positions>("getPositions", {});
    return positions.ok ? positionIn(positions.data, entityId("ada"))?.state : positions.error.code;
  };

  it("gives no permit on either, and Sonar is asked for none; after it resumes, both do", async () => {
    const user = await buyer();
    expect(await askPermit(user)).toMatchObject({ ok: true });
    const asked = await permitsAsked();
    await sale("pause");
    for (const name of INSTANCES) {
      sendTo(name);
      expect(await askPermit(user)).toMatchObject(PAUSED);
      expect(await askPermit(user, { purpose: "form" })).toMatchObject(PAUSED);
    }
    expect(await permitsAsked()).toBe(asked);
    expect(await sale("resume")).toContain("The pause has ended");
    for (const name of INSTANCES) {
      sendTo(name);
      expect(await askPermit(user)).toMatchObject({ ok: true });
    }
  });

  it("says so in the state that open pages poll, and on new pages, of both; and no longer after it resumes", async () => {
    await sale("pause");
    for (const name of INSTANCES) {
      await vi.waitFor(async () => expect((await stateOn(name)).data.pausedBySite).toBe(true), PATIENCE);
      expect(await showsPause(apps[name])).toBe(true);
    }
    await sale("resume");
    for (const name of INSTANCES)
      await vi.waitFor(async () => expect((await stateOn(name)).data).not.toHaveProperty("pausedBySite"), PATIENCE);
  });

  it("hands out no permit that Sonar was asked for before the pause and answers after it", async () => {
    const user = await buyer();
    const hold = gate.hold(ECHO.permit);
    const waiting = askPermit(user);
    await hold.arrived;
    await sale("pause");
    hold.release();
    expect(await waiting).toMatchObject(PAUSED);
  });

  it("lets who has committed cancel, and read it here", async () => {
    const user = await buyer();
    const wallet = await SandboxBuyer.connect(sandbox, "ada");
    await wallet.commit({ wallet: PAYER, amount: AMOUNT });
    await sale("pause");
    await vi.waitFor(async () => expect(await positionOf(user)).toBe("committed"), PATIENCE);
    await sandbox.control.chain.setStage("Cancellation");
    for (const name of INSTANCES)
      await vi.waitFor(async () => expect((await stateOn(name)).data.stage).toBe("cancellation"), PATIENCE);
    await wallet.cancel(PAYER);
    await vi.waitFor(async () => expect(await positionOf(user)).toBe("cancelled"), PATIENCE);
    expect(await user.call("getActivity", {})).toMatchObject({ ok: true });
  });

  it("lets who was not accepted claim a refund, and read it here", async () => {
    const user = await buyer();
    const wallet = await SandboxBuyer.connect(sandbox, "ada");
    await wallet.commit({ wallet: PAYER, amount: AMOUNT });
    await sale("pause");
    await sandbox.control.chain.settle(50);
    await sandbox.control.chain.setClaimRefund(true);
    for (const name of INSTANCES)
      await vi.waitFor(
        async () => expect((await stateOn(name)).data).toMatchObject({ stage: "done", claimRefundEnabled: true }),
        PATIENCE,
      );
    await wallet.claimRefund(PAYER);
    await vi.waitFor(async () => expect(await positionOf(user)).toBe("refunded"), PATIENCE);
  });

  it("gives no permit if the database cannot tell whether there is a pause, and says that it is temporary", async () => {
    const user = await buyer();
    const asked = await permitsAsked();
    await database.kysely.schema.alterTable("settings").renameTo("hidden_settings").execute();
    try {
      const error = { code: "request/unexpected", recovery: "retry" };
      expect(await askPermit(user)).toMatchObject({ ok: false, error });
      expect(await user.call("getProfile", {})).toMatchObject({ ok: true });
      // The public part of the site does not depend on it.
      expect(await stateOn("first")).toMatchObject({ ok: true });
    } finally {
      await database.kysely.schema.alterTable("hidden_settings").renameTo("settings").execute();
    }
    expect(await permitsAsked()).toBe(asked);
    expect(await askPermit(user)).toMatchObject({ ok: true });
  });

  it("can be asked about, with a note that users do not see", async () => {
    expect(await sale("status")).toContain("No command has paused commitments.");
    await sale("pause", "--note", "canary of the operators");
    expect(await sale("status")).toMatch(/paused since 20.* Note: canary of the operators/);
    const user = await buyer();
    const page = await (await user.browser.get(balancer.url)).text();
    const heard = [page, JSON.stringify(await askPermit(user)), JSON.stringify(await stateOn("first"))];
    expect(heard.join()).not.toContain("canary of the operators");
  });

  it("is paused on an instance that starts with SALE_PAUSED=1, and there only", async () => {
    const third = await startApp({ env: { ...env, SALE_PAUSED: "1" } });
    try {
      const user = await buyer();
      const asked = await permitsAsked();
      balancer.sendTo(third.url);
      expect(await askPermit(user)).toMatchObject(PAUSED);
      expect(await permitsAsked()).toBe(asked);
      expect(await (await fetch(`${third.url}/api/sale`)).json()).toMatchObject({ data: { pausedBySite: true } });
      expect(await showsPause(third)).toBe(true);
      sendTo("first");
      expect(await askPermit(user)).toMatchObject({ ok: true });
    } finally {
      await third.stop();
    }
  });
});
