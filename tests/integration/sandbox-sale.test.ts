import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPublicClient, erc20Abi, http } from "viem";
import { EMPTY_WALLET, FUNDED_WALLETS, SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { nodeClient } from "@/sandbox/chain/node-client";
import { saleReader } from "@/sandbox/chain/sale-reader";
import { SandboxBuyer } from "@/tests/support/sandbox/sandbox-buyer";
import { callControl } from "@/tests/support/sandbox/sandbox-client";
import { REDIRECT_URI } from "@/tests/support/sandbox/sandbox-user";
import { startTestSandboxWithChain, type TestSandboxWithChain } from "@/tests/support/sandbox/test-sandbox";

const saleUUID = SANDBOX_SALE_UUID;
const DAY = 86_400;
const [FIRST, SECOND, THIRD] = FUNDED_WALLETS;
const UNIT = 1_000_000n;

if (!FIRST || !SECOND || !THIRD) throw new Error("the sandbox has too few wallets");

let sandbox: TestSandboxWithChain;

beforeAll(async () => {
  sandbox = await startTestSandboxWithChain({ redirectUris: [REDIRECT_URI] });
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.control.reset());

const buyer = (persona: string) => SandboxBuyer.connect(sandbox, persona);
const balance = (token: keyof typeof SANDBOX_TOKENS, wallet: `0x${string}`) =>
  createPublicClient({ transport: http(sandbox.rpcUrl) }).readContract({
    address: SANDBOX_TOKENS[token],
    abi: erc20Abi,
    functionName: "balanceOf",
    args: [wallet],
  });

describe("a permit of the sandbox", () => {
  it.each(["ada", "grace", "emmy", "mary", "unprefixed"])("is accepted by the sale, for %s", async (persona) => {
    await (await buyer(persona)).commit({ wallet: FIRST, amount: 300n * UNIT });
    expect(await sandbox.control.chain.state()).toMatchObject({ entities: 1, totalCommitted: String(300n * UNIT) });
  });

  it("follows the chain's clock, while the access token does not", async () => {
    const ada = await buyer("ada");
    await sandbox.control.chain.moveClock(20 * DAY);
    const { PermitJSON } = await ada.askPermit(FIRST);
    if (!("ExpiresAt" in PermitJSON)) throw new Error("a permit without an end");
    const { time } = await sandbox.control.chain.state();
    expect(Math.abs(PermitJSON.ExpiresAt - time - 600)).toBeLessThan(60);
    await ada.commit({ wallet: FIRST, amount: 5n * UNIT });
  });

  it("that has expired makes the sale revert", async () => {
    await expect((await buyer("annie")).commit({ wallet: FIRST, amount: 5n * UNIT })).rejects.toThrow("0x92e94eb0");
  });

  it("has an integer that JSON rounds, for one persona", async () => {
    const { PermitJSON } = await (await buyer("evelyn")).askPermit(FIRST);
    expect(PermitJSON).toMatchObject({ MinPrice: 1, MaxPrice: 18_446_744_073_709_552_000 });
  });

  it("has an older form, for another", async () => {
    const { PermitJSON } = await (await buyer("grete")).askPermit(FIRST);
    expect(PermitJSON).not.toHaveProperty("OpensAt");
    expect(PermitJSON).toHaveProperty("MinPrice");
  });
});

describe("a sale window", () => {
  it("is announced as the permits have it, so that a page tells one deadline before and after sign-in", async () => {
    const { PermitJSON } = await (await buyer("ada")).askPermit(FIRST);
    const announced: { opensAt: number; closesAt: number } = JSON.parse(
      await callControl(sandbox.origin, "GET", "window"),
    );
    expect(PermitJSON).toMatchObject({ OpensAt: announced.opensAt, ClosesAt: announced.closesAt });
  });

  it("closes when the chain's clock passes its end, and stays closed as it moves on", async () => {
    const ada = await buyer("ada");
    expect(await ada.check(FIRST)).toMatchObject({ ReadyToPurchase: true });
    const { window, time } = await sandbox.control.chain.state();
    for (const seconds of [window.closesAt - time, DAY, 40 * DAY]) {
      await sandbox.control.chain.moveClock(seconds);
      expect(await ada.check(FIRST)).toMatchObject({ FailureReason: "outside-time-window" });
    }
    expect((await sandbox.control.chain.state()).window).toEqual(window);
    await expect(ada.commit({ wallet: FIRST, amount: 5n * UNIT })).rejects.toThrow("0xf795b7cd");
  });

  it("in the future opens when the clock reaches it", async () => {
    const dorothy = await buyer("dorothy");
    expect(await dorothy.check(FIRST)).toMatchObject({ FailureReason: "outside-time-window" });
    await sandbox.control.chain.moveClock(8 * DAY);
    expect(await dorothy.check(FIRST)).toMatchObject({ ReadyToPurchase: true });
    await dorothy.commit({ wallet: FIRST, amount: 5n * UNIT });
  });

  it("is open again after a reset", async () => {
    const ada = await buyer("ada");
    await sandbox.control.chain.moveClock(60 * DAY);
    await sandbox.control.chain.reset();
    expect(await ada.check(FIRST)).toMatchObject({ ReadyToPurchase: true });
  });
});

describe("commitment data", () => {
  const read = async (client: SandboxBuyer["client"]) => client.readCommitmentData({ saleUUID });
  beforeEach(() => sandbox.control.setListingDelay(0));

  it("has the chain's commitments beside the history: by wallet and token, at the time of the bid", async () => {
    const ada = await buyer("ada");
    const before = await read(ada.client);
    await ada.commit({ wallet: FIRST, amount: 100n * UNIT });
    await ada.commit({ wallet: FIRST, amount: 130n * UNIT, token: "usdt" });
    await ada.commit({ wallet: SECOND, amount: 150n * UNIT });
    const after = await read(ada.client);
    const { time } = await sandbox.control.chain.state();
    const [newest] = after.Commitments;
    expect(newest?.Amounts).toEqual([
      { Wallet: FIRST, Token: SANDBOX_TOKENS.usdc, Amount: String(100n * UNIT) },
      { Wallet: FIRST, Token: SANDBOX_TOKENS.usdt, Amount: String(30n * UNIT) },
      { Wallet: SECOND, Token: SANDBOX_TOKENS.usdc, Amount: String(20n * UNIT) },
    ]);
    expect(Math.abs(Date.parse(newest?.CreatedAt ?? "") / 1000 - time)).toBeLessThan(60);
    expect(after.UniqueCommitmentCount).toBe(before.UniqueCommitmentCount + 1);
    expect(BigInt(after.TotalCommitmentAmount) - BigInt(before.TotalCommitmentAmount)).toBe(150n * UNIT);
    expect(after.Commitments).toHaveLength(100);
  });

  it("has the price of an auction bid in ticks of 0.0215, and one tick for a bid without a price", async () => {
    const mary = await buyer("mary");
    await mary.commit({ wallet: FIRST, amount: 100n * UNIT, price: 7n });
    expect((await read(mary.client)).Commitments[0]).toMatchObject({
      PriceNumerator: "150500",
      PriceDenominator: String(10n ** 18n),
      PriceMicroUSD: "150500",
    });
    await (await buyer("ada")).commit({ wallet: SECOND, amount: 100n * UNIT });
    expect((await read(mary.client)).Commitments[0]).toMatchObject({ PriceMicroUSD: "21500" });
  });

  it("has an estimated clearing price in an auction only, from the bids on the chain", async () => {
    const mary = await buyer("mary");
    await mary.commit({ wallet: FIRST, amount: 50_000n * UNIT, price: 20n });
    expect(await read(mary.client)).not.toHaveProperty("ClearingPriceMicroUSD");
    await sandbox.control.setSaleKind("auction");
    expect(await read(mary.client)).toMatchObject({
      ClearingPriceNumerator: "64500",
      ClearingPriceDenominator: String(10n ** 18n),
      ClearingPriceMicroUSD: "64500",
      OfferedTokenDecimals: 18,
    });
  });

  it("has every entity, even over several calls of the contract", async () => {
    const wallets = { ada: FIRST, grace: SECOND, emmy: THIRD };
    for (const [persona, wallet] of Object.entries(wallets)) {
      await (await buyer(persona)).commit({ wallet, amount: 300n * UNIT });
    }
    const node = nodeClient(sandbox.rpcUrl);
    const all = await saleReader(node, SANDBOX_SALE).commitments();
    expect(all).toHaveLength(3);
    for (const page of [1, 2, 3]) {
      const reader = saleReader(node, SANDBOX_SALE, page);
      expect(await reader.commitments()).toEqual(all);
      expect((await reader.entityStates()).map(({ entityID }) => entityID)).toEqual(
        all.map(({ saleSpecificEntityID }) => saleSpecificEntityID),
      );
    }
  });

  it("has no cancelled commitment", async () => {
    const emmy = await buyer("emmy");
    const before = await read(emmy.client);
    await emmy.commit({ wallet: FIRST, amount: 100n * UNIT });
    await sandbox.control.chain.setStage("Cancellation");
    await emmy.cancel(FIRST);
    expect(await read(emmy.client)).toEqual(before);
  });

  it("follows the chain after the listing delay", async () => {
    const ada = await buyer("ada");
    await sandbox.control.setListingDelay(3600);
    const before = await read(ada.client);
    await ada.commit({ wallet: FIRST, amount: 100n * UNIT });
    expect(await read(ada.client)).toEqual(before);
    await sandbox.control.setListingDelay(0);
    expect((await read(ada.client)).UniqueCommitmentCount).toBe(before.UniqueCommitmentCount + 1);
  });
});

describe("the controls of the sale", () => {
  it("tell its state, its tokens and its clock", async () => {
    const state = await sandbox.control.chain.state();
    expect(state).toMatchObject({
      rpcUrl: sandbox.rpcUrl,
      chainId: 31337,
      tokens: SANDBOX_TOKENS,
      stage: "Commitment",
      paused: false,
      claimRefundEnabled: false,
      reduceCommitmentEnabled: false,
      maxWalletsPerEntity: 30,
      entities: 0,
      totalCommitted: "0",
    });
    expect(Math.abs(state.ahead)).toBeLessThan(60);
  });

  it("set its stage, pause, flags, limit of wallets and clock", async () => {
    const { chain } = sandbox.control;
    await chain.setStage("Cancellation");
    await chain.setPaused(true);
    await chain.setClaimRefund(true);
    await chain.setReduceCommitment(true);
    await chain.setMaxWallets(1);
    await chain.moveClock(DAY);
    const state = await chain.state();
    expect(state).toMatchObject({
      stage: "Cancellation",
      paused: true,
      claimRefundEnabled: true,
      reduceCommitmentEnabled: true,
      maxWalletsPerEntity: 1,
    });
    expect(state.ahead).toBeGreaterThan(DAY - 60);
  });

  it("mint tokens and remove a wallet's ETH", async () => {
    await sandbox.control.chain.mint("usdt", EMPTY_WALLET, 7n);
    expect(await balance("usdt", EMPTY_WALLET)).toBe(7n);
    await sandbox.control.chain.setNativeBalance(EMPTY_WALLET, 0n);
    const client = createPublicClient({ transport: http(sandbox.rpcUrl) });
    expect(await client.getBalance({ address: EMPTY_WALLET })).toBe(0n);
  });

  it("settle with a share of every commitment, and pay the rest back to the wallets that paid", async () => {
    const ada = await buyer("ada");
    await ada.commit({ wallet: FIRST, amount: 100n * UNIT });
    await ada.commit({ wallet: SECOND, amount: 133n * UNIT + 1n, token: "usdt" });
    await sandbox.control.chain.settle(50);
    expect(await sandbox.control.chain.state()).toMatchObject({
      stage: "Done",
      totalAccepted: String(50n * UNIT + (33n * UNIT + 1n) / 2n),
    });
    await sandbox.control.chain.processRefunds();
    expect(await balance("usdc", FIRST)).toBe(100_000n * UNIT - 50n * UNIT);
    expect(await balance("usdt", SECOND)).toBe(100_000n * UNIT - (33n * UNIT + 1n) / 2n);
  });

  it("reject a settlement after refunds, and refunds before the settlement", async () => {
    await (await buyer("ada")).commit({ wallet: FIRST, amount: 100n * UNIT });
    await expect(sandbox.control.chain.processRefunds()).rejects.toThrow("InvalidStage");
    await sandbox.control.chain.settle(50);
    await sandbox.control.chain.settle(40);
    await sandbox.control.chain.processRefunds();
    await expect(sandbox.control.chain.settle(30)).rejects.toThrow("reset the chain");
  });

  it("free every wallet again when the chain is reset", async () => {
    await (await buyer("ada")).commit({ wallet: FIRST, amount: 100n * UNIT });
    const emmy = await buyer("emmy");
    await expect(emmy.commit({ wallet: FIRST, amount: 100n * UNIT })).rejects.toThrow("0x02d4bef7");
    await sandbox.control.chain.reset();
    await emmy.commit({ wallet: FIRST, amount: 100n * UNIT });
    expect((await sandbox.control.chain.state()).entities).toBe(1);
  });
});

describe("the operator", () => {
  const position = async (wallet: `0x${string}`) => {
    const rows = await saleReader(nodeClient(sandbox.rpcUrl), SANDBOX_SALE).entityStates();
    return rows.find(({ walletStates }) => walletStates.some(({ addr }) => addr === wallet));
  };

  it("returns a part of a commitment while the sale is open", async () => {
    await (await buyer("ada")).commit({ wallet: FIRST, amount: 300n * UNIT });
    const before = await balance("usdc", FIRST);
    await sandbox.control.chain.forceReduce("usdc", FIRST, 100n * UNIT);
    expect(await balance("usdc", FIRST)).toBe(before + 100n * UNIT);
    expect(await position(FIRST)).toMatchObject({ refunded: false, currentBid: { amount: 200n * UNIT } });
  });

  it("takes down an entity's whole commitment, over its wallets and tokens", async () => {
    const ada = await buyer("ada");
    const before = [await balance("usdc", FIRST), await balance("usdt", SECOND)];
    await ada.commit({ wallet: FIRST, amount: 300n * UNIT });
    await ada.commit({ wallet: SECOND, amount: 500n * UNIT, token: "usdt" });
    await sandbox.control.chain.takeDown(SECOND);
    expect([await balance("usdc", FIRST), await balance("usdt", SECOND)]).toEqual(before);
    expect(await position(FIRST)).toMatchObject({ refunded: true, currentBid: { amount: 0n } });
    await expect(sandbox.control.chain.takeDown(THIRD)).rejects.toThrow("no commitment");
  });
});
