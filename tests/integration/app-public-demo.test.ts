import { numberToHex, type Address } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPublicDemo, type DemoVisitor, type TestDemo } from "@/tests/support/app/demo-visitor";

let demo: TestDemo;
beforeAll(async () => {
  demo = await startPublicDemo();
});
afterAll(() => demo.close());

describe("ten visitors at once", () => {
  let visitors: readonly DemoVisitor[];
  const amountOf = (index: number) => BigInt(index + 1) * 1_000_000n;

  beforeAll(async () => {
    visitors = await Promise.all(Array.from({ length: 10 }, () => demo.readyVisitor()));
    await Promise.all(visitors.map((one, index) => one.commit(amountOf(index))));
  });

  it("are different persons with the same persona, and find their own commitments only", async () => {
    const entities = await Promise.all(visitors.map((one) => one.entity()));
    expect(new Set(entities.map(({ EntityID }) => EntityID)).size).toBe(10);
    expect(new Set(entities.map(({ SaleSpecificEntityID }) => SaleSpecificEntityID)).size).toBe(10);
    expect(await Promise.all(visitors.map((one) => one.committed()))).toEqual(visitors.map((_, at) => amountOf(at)));
  });

  it("find them again after they disconnected and connected again", async () => {
    const before = await Promise.all(visitors.map((one) => one.entity()));
    await Promise.all(visitors.map((one) => one.disconnect().then(() => one.connectAgain())));
    expect(await Promise.all(visitors.map((one) => one.entity()))).toEqual(before);
    expect(await Promise.all(visitors.map((one) => one.committed()))).toEqual(visitors.map((_, at) => amountOf(at)));
  });

  it("see in the page that it is a demo, without a link to controls", async () => {
    const page = await (await demo.visitor().browser.get(demo.url)).text();
    expect(page).toContain("Public demo: nothing here is real.");
    expect(page).toContain("Next reset:");
    expect(page).not.toContain(`127.0.0.1:${demo.sandboxPort}`);
    expect(page).not.toContain("Controls");
    expect(page).not.toContain("Scenarios");
  });

  it("can start no scenario: there is nothing at its addresses", async () => {
    const { browser } = demo.visitor();
    expect((await browser.get(`${demo.url}/sandbox/open?ticket=x`)).status).toBe(404);
    expect((await browser.submit(`${demo.url}/sandbox/scenarios/ready`)).status).toBe(404);
  });
});

describe("limits", () => {
  it("hold for one address, and do not touch another one", async () => {
    const [greedy, modest] = [demo.visitor("2001:db8:1:2::1"), demo.visitor()];
    const neighbour = demo.visitor("2001:db8:1:2:ffff::9");
    const wallets = (index: number): Address[] => [1, 2, 3].map((at) => numberToHex(index * 3 + at, { size: 20 }));
    const funding = await Promise.all(Array.from({ length: 21 }, (_, index) => greedy.fund(...wallets(index))));
    expect(funding.filter(({ status }) => status === 429)).toHaveLength(1);
    expect((await neighbour.fund()).status, "a whole IPv6 network counts as one address").toBe(429);
    const funded = funding.findIndex(({ status }) => status === 201);
    expect((await greedy.fund(...wallets(funded))).status, "funded wallets may ask again").toBe(200);

    const sibling = (network: number) => demo.visitor(`2001:db8:1:${network}::1`);
    const siblings = await Promise.all([3, 4, 5, 6].map((network) => sibling(network).fund(...wallets(30 + network))));
    expect(
      siblings.map(({ status }) => status),
      "other customers of the provider",
    ).toEqual([201, 201, 201, 201]);

    const forged = demo.visitor("198.51.100.7, 2001:db8:1:2::1");
    expect((await forged.fund()).status, "the entries before the last are the visitor's own words").toBe(429);

    // More than twice as many as a minute has, because a new one may begin in between.
    const posts = await Promise.all(Array.from({ length: 420 }, () => greedy.post("nowhere", {})));
    const refused = posts.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(20);
    expect(refused[0]?.headers.get("retry-after")).toBe("60");

    await modest.connect();
    expect((await modest.fund()).status).toBe(201);
    expect(await modest.committed()).toBe(0n);
  });
});
