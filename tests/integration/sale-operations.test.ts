import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeFunctionData, keccak256, toHex, type Address, type Hex } from "viem";
import { sandboxSaleAbi } from "@/sandbox/chain/artifacts/sandbox-sale-abi";
import { OPERATOR } from "@/sandbox/chain/chain-facts";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import { send } from "@/sandbox/chain/node-client";
import { startChain, type RunningChain } from "@/sandbox/chain/start";
import { openSale } from "@/tests/conformance/support/open-sale";
import { checkRule, rule } from "@/tests/conformance/support/rule";
import { ALICE, ANNA, BOB, ENTITY, OTHER_ENTITY, STRANGER } from "@/tests/conformance/support/people";
import { ACCEPTED } from "@/tests/conformance/support/revert";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

const abi = sandboxSaleAbi;

let chain: RunningChain;
let sale: SaleBench;

beforeAll(async () => {
  chain = await startChain({ port: 0 });
  sale = await openSale(chain.rpcUrl, chain.saleAddress);
});
afterAll(() => chain.close());

/** A test that leaves the sale as it was. */
function check(statement: string, test: () => Promise<void>): void {
  it(statement, () => checkRule(sale, rule(statement, test)));
}

function operate(from: Address, data: Hex) {
  return { from, to: SANDBOX_SALE, data };
}

const OPERATIONS = {
  openCommitment: encodeFunctionData({ abi, functionName: "openCommitment" }),
  openCancellation: encodeFunctionData({ abi, functionName: "openCancellation" }),
  openSettlement: encodeFunctionData({ abi, functionName: "openSettlement" }),
  finalizeSettlement: encodeFunctionData({ abi, functionName: "finalizeSettlement", args: [0n] }),
  unsafeSetStage: encodeFunctionData({ abi, functionName: "unsafeSetStage", args: [0] }),
  setAllocations: encodeFunctionData({ abi, functionName: "setAllocations", args: [[], false] }),
  processRefunds: encodeFunctionData({ abi, functionName: "processRefunds", args: [[], false] }),
  pause: encodeFunctionData({ abi, functionName: "pause" }),
  setPaused: encodeFunctionData({ abi, functionName: "setPaused", args: [false] }),
  setClaimRefundEnabled: encodeFunctionData({ abi, functionName: "setClaimRefundEnabled", args: [true] }),
  setReduceCommitmentEnabled: encodeFunctionData({ abi, functionName: "setReduceCommitmentEnabled", args: [true] }),
  setMaxWalletsPerEntity: encodeFunctionData({ abi, functionName: "setMaxWalletsPerEntity", args: [1] }),
};

describe("the sale's operations", () => {
  for (const [name, data] of Object.entries(OPERATIONS)) {
    check(`${name} is refused to who has no role`, async () => {
      const revert = await sale.revert(operate(STRANGER.address, data));
      expect(revert).toMatchObject({ error: "AccessControlUnauthorizedAccount" });
    });
  }

  check("a pauser can pause and not unpause", async () => {
    const args: [Hex, Address] = [keccak256(toHex("PAUSER_ROLE")), STRANGER.address];
    await send(sale.node, operate(OPERATOR, encodeFunctionData({ abi, functionName: "grantRole", args })));
    await sale.accepted(operate(STRANGER.address, OPERATIONS.pause));
    expect(await sale.revert(sale.bid())).toMatchObject({ error: "SalePaused" });
    expect(await sale.revert(operate(STRANGER.address, OPERATIONS.setPaused))).not.toEqual(ACCEPTED);
  });

  check("the stages follow each other, and cancellation may be left out", async () => {
    const { openCommitment, openCancellation, openSettlement, finalizeSettlement } = OPERATIONS;
    await sale.control.setStage("PreOpen");
    for (const early of [openCancellation, openSettlement, finalizeSettlement]) {
      expect(await sale.revert(operate(OPERATOR, early))).toMatchObject({ error: "InvalidStage" });
    }
    await sale.accepted(operate(OPERATOR, openCommitment));
    expect(await sale.revert(operate(OPERATOR, openSettlement))).toEqual(ACCEPTED);
    await sale.accepted(operate(OPERATOR, openCancellation));
    await sale.accepted(operate(OPERATOR, openSettlement));
    await sale.accepted(operate(OPERATOR, finalizeSettlement));
    expect(await sale.revert(operate(OPERATOR, openCommitment))).toMatchObject({ error: "InvalidStage" });
  });

  check(
    "an allocation is for a wallet of the entity, within its commitment, and not set twice by mistake",
    async () => {
      await sale.accepted(sale.bid({ amount: 100n }));
      await sale.control.setStage("Settlement");
      const allocate = (change: { id?: Hex; wallet?: Address; amount?: bigint }, overwrite = false) => {
        const { id = ENTITY, wallet = ALICE.address, amount = 100n } = change;
        const allocation = { saleSpecificEntityID: id, wallet, token: sale.first, acceptedAmount: amount };
        const data = encodeFunctionData({ abi, functionName: "setAllocations", args: [[allocation], overwrite] });
        return operate(OPERATOR, data);
      };
      const errorOf = async (call: ReturnType<typeof allocate>) => (await sale.revert(call)).error;
      expect(await errorOf(allocate({ wallet: STRANGER.address }))).toBe("WalletNotInitialized");
      expect(await errorOf(allocate({ id: OTHER_ENTITY }))).toBe("WalletNotAssociatedWithEntity");
      expect(await errorOf(allocate({ amount: 101n }))).toBe("AllocationExceedsCommitment");
      await sale.accepted(allocate({ amount: 70n }));
      expect(await errorOf(allocate({ amount: 80n }))).toBe("AllocationAlreadySet");
      await sale.accepted(allocate({ amount: 80n }, true));
      expect(await sale.totalAccepted()).toBe(80n);
    },
  );

  check("refunds are refused for an entity that never bid, and twice unless that is passed over", async () => {
    await sale.accepted(sale.bid());
    await sale.control.setStage("Done");
    const refund = (ids: Hex[], skip: boolean) =>
      operate(OPERATOR, encodeFunctionData({ abi, functionName: "processRefunds", args: [ids, skip] }));
    expect(await sale.revert(refund([OTHER_ENTITY], true))).toMatchObject({ error: "EntityNotInitialized" });
    await sale.accepted(refund([ENTITY], false));
    expect(await sale.revert(refund([ENTITY], false))).toMatchObject({ error: "AlreadyRefunded" });
    const events = sale.events(await sale.accepted(refund([ENTITY], true)));
    expect(events.map(({ eventName }) => eventName)).toEqual(["RefundedEntitySkipped"]);
  });
});

describe("the sale's readers", () => {
  check("list entities and commitments in the order of their first bid", async () => {
    await sale.accepted(sale.bid({ by: BOB.address, entity: OTHER_ENTITY, amount: 7n }));
    await sale.accepted(sale.bid({ amount: 100n, price: 2, lockup: true }));
    await sale.accepted(sale.bid({ by: ANNA.address, amount: 150n, price: 2, lockup: true, token: sale.second }));
    const read = { ...sale.contract };
    expect(await sale.node.readContract({ ...read, functionName: "numEntities" })).toBe(2n);
    expect(await sale.node.readContract({ ...read, functionName: "numCommitments" })).toBe(2n);
    expect(await sale.node.readContract({ ...read, functionName: "entityAt", args: [1n] })).toBe(ENTITY);
    expect(await sale.node.readContract({ ...read, functionName: "entitiesIn", args: [0n, 2n] })).toEqual([
      OTHER_ENTITY,
      ENTITY,
    ]);
    const [state] = await sale.node.readContract({ ...read, functionName: "entityStatesIn", args: [1n, 2n] });
    expect(state).toEqual(await sale.entity(ENTITY));
    const [data] = await sale.node.readContract({ ...read, functionName: "readCommitmentDataIn", args: [1n, 2n] });
    expect(data).toEqual(await sale.node.readContract({ ...read, functionName: "readCommitmentDataAt", args: [1n] }));
    expect(data).toMatchObject({
      commitmentID: `${ENTITY}${"0".repeat(32)}`,
      saleSpecificEntityID: ENTITY,
      price: 2n,
      lockup: true,
      refunded: false,
    });
    expect(data?.amounts.filter(({ amount }) => amount > 0n)).toEqual([
      { wallet: ALICE.address, token: sale.first, amount: 100n },
      { wallet: ANNA.address, token: sale.second, amount: 50n },
    ]);
  });

  check("tell the totals of each token, and what was cancelled and refunded", async () => {
    await sale.accepted(sale.bid({ amount: 100n }));
    await sale.accepted(sale.bid({ by: BOB.address, entity: OTHER_ENTITY, amount: 7n, token: sale.second }));
    const byToken = await sale.node.readContract({ ...sale.contract, functionName: "totalCommittedAmountByToken" });
    expect(byToken).toEqual([
      { token: sale.first, amount: 100n },
      { token: sale.second, amount: 7n },
    ]);
    await sale.control.setStage("Cancellation");
    await sale.accepted(sale.refundCall(ALICE.address, { functionName: "cancelBid" }));
    await sale.control.setStage("Done");
    await sale.control.processRefunds([OTHER_ENTITY]);
    expect(await sale.node.readContract({ ...sale.contract, functionName: "totalCancelledAmount" })).toBe(100n);
    expect(await sale.node.readContract({ ...sale.contract, functionName: "totalRefundedAmount" })).toBe(7n);
  });
});
