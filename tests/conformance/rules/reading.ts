import { expect } from "vitest";
import { toFunctionSelector } from "viem";
import { sandboxSaleAbi } from "@/sandbox/chain/artifacts/sandbox-sale-abi";
import { rule, type RuleGroup } from "@/tests/conformance/support/rule";
import { ALICE, ANNA, BOB, ENTITY, OTHER_ENTITY } from "@/tests/conformance/support/people";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

/** Bob has committed 7 of the second token for one entity; Alice 100 of the first and Anna 50 of the second for another. */
async function twoEntities(sale: SaleBench): Promise<void> {
  await sale.accepted(sale.bid({ by: BOB.address, entity: OTHER_ENTITY, amount: 7n, token: sale.second }));
  await sale.accepted(sale.bid({ amount: 100n, price: 2, lockup: true }));
  await sale.accepted(sale.bid({ by: ANNA.address, amount: 150n, price: 2, lockup: true, token: sale.second }));
}

/** The rows of one entity: every wallet in every payment token. */
function rows(sale: SaleBench, alice: bigint[], anna: bigint[]) {
  const of = (wallet: typeof ALICE.address, amounts: bigint[]) =>
    sale.tokens.map((token, index) => ({ wallet, token, amount: amounts[index] ?? 0n }));
  return [...of(ALICE.address, alice), ...of(ANNA.address, anna)];
}

/** The sets of functions that Echo's readers and operator scripts ask for. Each set's id is the XOR of its selectors. */
const INTERFACES: readonly (readonly string[])[] = [
  ["numCommitments", "readCommitmentDataAt", "readCommitmentDataIn"],
  ["numEntityAllocations", "readEntityAllocationDataAt", "readEntityAllocationDataIn"],
  ["totalCommittedAmountByToken"],
  ["totalAcceptedAmountByToken"],
  ["setAllocations", "finalizeSettlement"],
];

function interfaceId(names: readonly string[]): `0x${string}` {
  const functions = sandboxSaleAbi.filter((item) => item.type === "function" && names.includes(item.name));
  const id = functions.reduce((xor, item) => {
    return xor ^ (item.type === "function" ? Number(toFunctionSelector(item)) : 0);
  }, 0);
  return `0x${(id >>> 0).toString(16).padStart(8, "0")}`;
}

/** Lists and totals, which operators and Echo read. Ranges are [from, to). */
export const READING: RuleGroup = {
  title: "reading",
  rules: [
    rule("entities and commitments are listed in the order of their first bid", async (sale) => {
      const at = await sale.node.readContract({ ...sale.contract, functionName: "numEntities" });
      await twoEntities(sale);
      const [from, to] = [at, at + 2n];
      const read = { ...sale.contract };
      expect(await sale.node.readContract({ ...read, functionName: "numEntities" })).toBe(to);
      expect(await sale.node.readContract({ ...read, functionName: "numCommitments" })).toBe(to);
      expect(await sale.node.readContract({ ...read, functionName: "entityAt", args: [from] })).toBe(OTHER_ENTITY);
      const ids = await sale.node.readContract({ ...read, functionName: "entitiesIn", args: [from, to] });
      expect(ids).toEqual([OTHER_ENTITY, ENTITY]);
      const states = await sale.node.readContract({ ...read, functionName: "entityStatesIn", args: [from, to] });
      expect(states).toEqual([await sale.entity(OTHER_ENTITY), await sale.entity(ENTITY)]);
      const data = await sale.node.readContract({ ...read, functionName: "readCommitmentDataIn", args: [from, to] });
      const one = await sale.node.readContract({ ...read, functionName: "readCommitmentDataAt", args: [to - 1n] });
      expect(data[1]).toEqual(one);
      expect(one).toEqual({
        commitmentID: `${ENTITY}${"0".repeat(32)}`,
        saleSpecificEntityID: ENTITY,
        timestamp: BigInt(await sale.now()),
        price: 2n,
        lockup: true,
        refunded: false,
        amounts: rows(sale, sale.byToken([sale.first, 100n]), sale.byToken([sale.second, 50n])),
        extraData: "0x",
      });
    }),
    rule("allocations are listed in the same order, also those of nothing", async (sale) => {
      const from = await sale.node.readContract({ ...sale.contract, functionName: "numEntityAllocations" });
      await twoEntities(sale);
      await sale.control.setStage("Settlement");
      await sale.control.setAllocations([
        { saleSpecificEntityID: ENTITY, wallet: ALICE.address, token: sale.first, acceptedAmount: 60n },
      ]);
      const read = { ...sale.contract };
      const to = await sale.node.readContract({ ...read, functionName: "numEntityAllocations" });
      expect(to).toBe(from + 2n);
      const range = { ...read, functionName: "readEntityAllocationDataIn", args: [from, to] } as const;
      const [first, second] = await sale.node.readContract(range);
      expect(first).toMatchObject({ saleSpecificEntityID: OTHER_ENTITY });
      expect(first?.acceptedAmounts.map(({ amount }) => amount)).toEqual(sale.tokens.map(() => 0n));
      const accepted = rows(sale, sale.byToken([sale.first, 60n]), sale.byToken());
      expect(second).toEqual({ saleSpecificEntityID: ENTITY, acceptedAmounts: accepted });
      const one = { ...read, functionName: "readEntityAllocationDataAt", args: [to - 1n] } as const;
      expect(await sale.node.readContract(one)).toEqual(second);
    }),
    rule("the totals of each token add up to the sale's", async (sale) => {
      const total = async () => ({
        committed: await sale.totals("totalCommittedAmountByToken"),
        cancelled: await sale.totals("totalCancelledAmountByToken"),
        accepted: await sale.totals("totalAcceptedAmountByToken"),
        refunded: await sale.totals("totalRefundedAmountByToken"),
      });
      const before = await total();
      await twoEntities(sale);
      await sale.control.setReduceCommitmentEnabled(true);
      await sale.control.setStage("Cancellation");
      const args = [[{ wallet: ALICE.address, token: sale.first, amount: 10n }]] as const;
      await sale.accepted(sale.call(ALICE.address, { functionName: "reduceCommitment", args }));
      await sale.control.setStage("Settlement");
      await sale.control.setAllocations([
        { saleSpecificEntityID: ENTITY, wallet: ALICE.address, token: sale.first, acceptedAmount: 60n },
      ]);
      await sale.control.setStage("Done");
      await sale.control.processRefunds([ENTITY, OTHER_ENTITY]);
      const plus = (amounts: bigint[], more: bigint[]) => amounts.map((amount, index) => amount + (more[index] ?? 0n));
      const after = await total();
      expect(after).toEqual({
        committed: plus(before.committed, sale.byToken([sale.first, 90n], [sale.second, 57n])),
        cancelled: plus(before.cancelled, sale.byToken([sale.first, 10n])),
        accepted: plus(before.accepted, sale.byToken([sale.first, 60n])),
        refunded: plus(before.refunded, sale.byToken([sale.first, 30n], [sale.second, 57n])),
      });
      const sum = (amounts: bigint[]) => amounts.reduce((all, amount) => all + amount, 0n);
      const read = { ...sale.contract };
      expect([
        await sale.totalCommitted(),
        await sale.node.readContract({ ...read, functionName: "totalCancelledAmount" }),
        await sale.totalAccepted(),
        await sale.node.readContract({ ...read, functionName: "totalRefundedAmount" }),
      ]).toEqual([after.committed, after.cancelled, after.accepted, after.refunded].map(sum));
    }),
    rule("the sale says which sets of functions it has", async (sale) => {
      const supports = (id: `0x${string}`) =>
        sale.node.readContract({ ...sale.contract, functionName: "supportsInterface", args: [id] });
      for (const names of INTERFACES) expect(await supports(interfaceId(names)), names.join()).toBe(true);
      // IAccessControl, as OpenZeppelin publishes its id; then one that nobody has.
      expect([await supports("0x7965db0b"), await supports("0xdeadbeef")]).toEqual([true, false]);
    }),
  ],
};
