import { expect } from "vitest";
import { keccak256, toHex, zeroAddress, zeroHash, type Address, type Hex } from "viem";
import { rule, type RuleGroup } from "@/tests/conformance/support/rule";
import { ALICE, BOB, ENTITY, OTHER_ENTITY, STRANGER } from "@/tests/conformance/support/people";
import { ACCEPTED, type Call } from "@/tests/conformance/support/revert";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

type SaleFunction = Parameters<SaleBench["call"]>[1];

/** Each function of the operator, with the role that it needs. */
const ROLE_OF: readonly (readonly [role: string, call: SaleFunction])[] = [
  ["SALE_MANAGER_ROLE", { functionName: "openCommitment" }],
  ["SALE_MANAGER_ROLE", { functionName: "openCancellation" }],
  ["SALE_MANAGER_ROLE", { functionName: "openSettlement" }],
  ["SALE_MANAGER_ROLE", { functionName: "setPaused", args: [false] }],
  ["SALE_MANAGER_ROLE", { functionName: "setClaimRefundEnabled", args: [true] }],
  ["SALE_MANAGER_ROLE", { functionName: "setReduceCommitmentEnabled", args: [true] }],
  ["SALE_MANAGER_ROLE", { functionName: "setMaxWalletsPerEntity", args: [1] }],
  ["PAUSER_ROLE", { functionName: "pause" }],
  ["SETTLER_ROLE", { functionName: "setAllocations", args: [[], false] }],
  ["SETTLEMENT_FINALIZER_ROLE", { functionName: "finalizeSettlement", args: [0n] }],
  ["REFUNDER_ROLE", { functionName: "processRefunds", args: [[], false] }],
  ["COMMITMENT_REDUCER_ROLE", { functionName: "forceReduceCommitment", args: [[]] }],
  ["TOKEN_RECOVERER_ROLE", { functionName: "recoverTokens", args: [zeroAddress, 0n, zeroAddress] }],
  ["DEFAULT_ADMIN_ROLE", { functionName: "withdraw" }],
  ["DEFAULT_ADMIN_ROLE", { functionName: "withdrawPartial", args: [zeroAddress, 0n] }],
  ["DEFAULT_ADMIN_ROLE", { functionName: "setProceedsReceiver", args: [zeroAddress] }],
  ["DEFAULT_ADMIN_ROLE", { functionName: "unsafeSetStage", args: [0] }],
];

function roleId(role: string): Hex {
  return role === "DEFAULT_ADMIN_ROLE" ? zeroHash : keccak256(toHex(role));
}

/** An allocation to Alice's wallet in the first token, with the given differences. */
interface Change {
  id?: Hex;
  wallet?: Address;
  token?: Address;
  amount?: bigint;
}

function allocate(sale: SaleBench, change: Change, overwrite = false): Call {
  const { id = ENTITY, wallet = ALICE.address, token = sale.first, amount = 100n } = change;
  const allocation = { saleSpecificEntityID: id, wallet, token, acceptedAmount: amount };
  return sale.call(sale.operator, { functionName: "setAllocations", args: [[allocation], overwrite] });
}

/** Alice has committed 100 of the first token, Bob 77 for another entity; the stage is Settlement. */
async function settling(sale: SaleBench): Promise<void> {
  await sale.accepted(sale.bid({ amount: 100n }));
  await sale.accepted(sale.bid({ by: BOB.address, entity: OTHER_ENTITY, amount: 77n }));
  await sale.control.setStage("Settlement");
}

function refund(sale: SaleBench, ids: Hex[], skip: boolean): Call {
  return sale.call(sale.operator, { functionName: "processRefunds", args: [ids, skip] });
}

/** The operator's functions: roles, stages, settings, allocations and refunds (sonar.md 4.1, 4.8). */
export const OPERATING: RuleGroup = {
  title: "operating",
  rules: [
    ...ROLE_OF.map(([role, call]) =>
      rule(`${call.functionName} is refused to who has not the ${role}`, async (sale) => {
        const revert = await sale.revert(sale.call(STRANGER.address, call));
        expect(revert).toEqual({ error: "AccessControlUnauthorizedAccount", args: [STRANGER.address, roleId(role)] });
      }),
    ),
    rule("a pauser can pause and not unpause", async (sale) => {
      const args = [roleId("PAUSER_ROLE"), STRANGER.address] as const;
      await sale.accepted(sale.call(sale.operator, { functionName: "grantRole", args }));
      await sale.accepted(sale.call(STRANGER.address, { functionName: "pause" }));
      expect(await sale.revert(sale.bid())).toMatchObject({ error: "SalePaused" });
      const unpause = sale.call(STRANGER.address, { functionName: "setPaused", args: [false] });
      expect(await sale.revert(unpause)).not.toEqual(ACCEPTED);
    }),
    rule("the stages follow each other, and cancellation may be left out", async (sale) => {
      const operate = (functionName: "openCommitment" | "openCancellation" | "openSettlement") =>
        sale.call(sale.operator, { functionName });
      const finalize = async () => {
        const args = [await sale.totalAccepted()] as const;
        return sale.call(sale.operator, { functionName: "finalizeSettlement", args });
      };
      await sale.control.setStage("PreOpen");
      for (const early of [operate("openCancellation"), operate("openSettlement"), finalize()]) {
        expect(await sale.revert(early)).toMatchObject({ error: "InvalidStage" });
      }
      await sale.accepted(operate("openCommitment"));
      expect(await sale.revert(operate("openSettlement"))).toEqual(ACCEPTED);
      await sale.accepted(operate("openCancellation"));
      await sale.accepted(operate("openSettlement"));
      await sale.accepted(finalize());
      expect(await sale.revert(operate("openCommitment"))).toMatchObject({ error: "InvalidStage" });
    }),
    rule("an entity may use at least one wallet", async (sale) => {
      const none = sale.call(sale.operator, { functionName: "setMaxWalletsPerEntity", args: [0] });
      expect(await sale.revert(none)).toEqual({ error: "ZeroMaxWalletsPerEntity", args: [] });
    }),
    rule("an allocation to an entity that never bid is refused", async (sale) => {
      await sale.control.setStage("Settlement");
      expect(await sale.revert(allocate(sale, {}))).toEqual({ error: "EntityNotInitialized", args: [ENTITY] });
    }),
    rule("an allocation to a wallet that is not the entity's is refused, whether it ever bid or not", async (sale) => {
      await settling(sale);
      for (const wallet of [STRANGER.address, BOB.address]) {
        const revert = await sale.revert(allocate(sale, { wallet }));
        expect(revert).toEqual({ error: "WalletNotAssociatedWithEntity", args: [wallet, ENTITY] });
      }
    }),
    rule("an allocation to an entity that cancelled is refused", async (sale) => {
      await sale.accepted(sale.bid({ amount: 100n }));
      await sale.control.setStage("Cancellation");
      await sale.accepted(sale.call(ALICE.address, { functionName: "cancelBid" }));
      await sale.control.setStage("Settlement");
      const revert = await sale.revert(allocate(sale, { amount: 0n }, true));
      expect(revert).toEqual({ error: "AlreadyRefunded", args: [ENTITY] });
    }),
    rule("an allocation in a token that is no payment token is refused", async (sale) => {
      await settling(sale);
      const revert = await sale.revert(allocate(sale, { token: STRANGER.address }));
      expect(revert).toEqual({ error: "InvalidPaymentToken", args: [STRANGER.address] });
    }),
    rule("an allocation is within the wallet's commitment, also where one was set before", async (sale) => {
      await settling(sale);
      const exceeds = { error: "AllocationExceedsCommitment", args: [ENTITY, ALICE.address, sale.first, 101n, 100n] };
      expect(await sale.revert(allocate(sale, { amount: 101n }))).toEqual(exceeds);
      await sale.accepted(allocate(sale, { amount: 100n }));
      expect(await sale.revert(allocate(sale, { amount: 101n }))).toEqual(exceeds);
    }),
    rule("an allocation is not replaced by mistake", async (sale) => {
      await settling(sale);
      await sale.accepted(allocate(sale, { amount: 70n }));
      const again = { error: "AllocationAlreadySet", args: [ENTITY] };
      expect(await sale.revert(allocate(sale, { amount: 80n }))).toEqual(again);
      const before = await sale.totalAccepted();
      await sale.accepted(allocate(sale, { amount: 80n }, true));
      expect(await sale.totalAccepted()).toBe(before + 10n);
    }),
    rule("refunds are refused for an entity that never bid, and twice unless that is passed over", async (sale) => {
      await sale.accepted(sale.bid());
      await sale.control.setStage("Done");
      const unknown = await sale.revert(refund(sale, [OTHER_ENTITY], true));
      expect(unknown).toEqual({ error: "EntityNotInitialized", args: [OTHER_ENTITY] });
      await sale.accepted(refund(sale, [ENTITY], false));
      expect(await sale.revert(refund(sale, [ENTITY], false))).toMatchObject({ error: "AlreadyRefunded" });
      const events = sale.events(await sale.accepted(refund(sale, [ENTITY], true)));
      expect(events.map(({ eventName }) => eventName)).toEqual(["RefundedEntitySkipped"]);
    }),
  ],
};
