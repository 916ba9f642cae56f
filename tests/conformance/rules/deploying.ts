import { expect } from "vitest";
import { encodeDeployData, keccak256, toHex, zeroAddress } from "viem";
import { send } from "@/sandbox/chain/node-client";
import { rule, type Rule, type RuleGroup } from "@/tests/conformance/support/rule";
import { ACCEPTED } from "@/tests/conformance/support/revert";

/** The runtime code of a token with 18 decimals: it answers every call with this number. */
const EIGHTEEN = "0x601260005260206000f3";

/** The code that deploys it. */
const DEPLOY_EIGHTEEN = encodeDeployData({ abi: [], bytecode: `0x69${EIGHTEEN.slice(2)}600052600a6016f3` });

const RULES: readonly (readonly [statement: string, check: Rule["check"]])[] = [
  [
    "a sale needs an administrator, a signer of permits and a receiver of the proceeds",
    async (sale) => {
      for (const role of ["admin", "purchasePermitSigner", "proceedsReceiver"]) {
        const revert = await sale.revert(sale.deployment({ [role]: zeroAddress }));
        expect(revert, role).toEqual({ error: "ZeroAddress", args: [] });
      }
    },
  ],
  [
    "a sale needs a wallet for each entity, and a payment token",
    async (sale) => {
      const noWallet = await sale.revert(sale.deployment({ maxWalletsPerEntity: 0 }));
      expect(noWallet).toEqual({ error: "ZeroMaxWalletsPerEntity", args: [] });
      const noToken = await sale.revert(sale.deployment({ paymentTokens: [] }));
      expect(noToken).toEqual({ error: "NoPaymentTokens", args: [] });
    },
  ],
  [
    "the payment tokens are different ones, with the decimals that the sale counts in",
    async (sale) => {
      const twice = await sale.revert(sale.deployment({ paymentTokens: [sale.first, sale.first] }));
      expect(twice).toEqual({ error: "DuplicatePaymentToken", args: [sale.first] });
      const { contractAddress } = await send(sale.node, { from: sale.operator, data: DEPLOY_EIGHTEEN });
      const other = contractAddress ?? zeroAddress;
      const revert = await sale.revert(sale.deployment({ paymentTokens: [sale.first, other] }));
      expect(revert).toMatchObject({ error: "InvalidPaymentTokenDecimals", args: [expect.anything(), 18n, 6n] });
      expect(String(revert.args[0]).toLowerCase()).toBe(other.toLowerCase());
    },
  ],
  [
    "the administrator of a new sale has every operator's role but two",
    async (sale) => {
      expect(await sale.revert(sale.deployment({}))).toEqual(ACCEPTED);
      const { contractAddress } = await send(sale.node, sale.deployment({}));
      const created = { ...sale.contract, address: contractAddress ?? zeroAddress };
      const members = (role: string) =>
        sale.node.readContract({ ...created, functionName: "getRoleMembers", args: [keccak256(toHex(role))] });
      for (const role of ["SALE_MANAGER", "SETTLER", "SETTLEMENT_FINALIZER", "PAUSER", "REFUNDER"]) {
        expect(await members(`${role}_ROLE`), role).toEqual([sale.operator]);
      }
      for (const role of ["TOKEN_RECOVERER", "COMMITMENT_REDUCER"]) {
        expect(await members(`${role}_ROLE`), role).toEqual([]);
      }
    },
  ],
];

/** The settings of a new sale. A deployment that is not ours has its settings already. */
export const DEPLOYING: RuleGroup = {
  title: "deploying",
  rules: RULES.map(([statement, check]) => rule(statement, check, "code")),
};
