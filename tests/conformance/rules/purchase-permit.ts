import { expect } from "vitest";
import { maxUint256, type Hex } from "viem";
import { encodePayload, type PermitV3 } from "@/sandbox/echo/permits/permit";
import { encodePermit, permitSigner, signPermit } from "@/sandbox/echo/permits/sign-permit";
import { rule, type RuleGroup } from "@/tests/conformance/support/rule";
import { ALICE, BOB, ENTITY, OTHER_ENTITY, STRANGER } from "@/tests/conformance/support/people";
import { ACCEPTED } from "@/tests/conformance/support/revert";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

const OTHER_SALE: Hex = `0x${"5a".repeat(16)}`;

/** Half the order of secp256k1; a signature with a greater s is the malleable twin of another. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

function twin(signature: Hex): Hex {
  const s = ORDER - BigInt(`0x${signature.slice(66, 130)}`);
  const v = signature.endsWith("1b") ? "1c" : "1b";
  return `0x${signature.slice(2, 66)}${s.toString(16).padStart(64, "0")}${v}`;
}

/** A changed value for each field, which every later rule would accept. */
function changes(now: number): Partial<PermitV3>[] {
  return [
    { SaleSpecificEntityID: OTHER_ENTITY },
    { ExpiresAt: now + 601 },
    { MinAmount: "2" },
    { MaxAmount: (maxUint256 - 1n).toString() },
    { MinPrice: 0, MaxPrice: 1001 },
    { OpensAt: now - 3601 },
    { ClosesAt: now + 3601 },
    { Payload: encodePayload(true) },
  ];
}

async function signed(sale: SaleBench): Promise<{ permit: PermitV3; signature: Hex }> {
  const permit = await sale.permit();
  return { permit, signature: await signPermit(permit) };
}

/** Step 2 of a bid's checks: the permit of the sale's signer (sonar.md 4.4, 4.5). */
export const PURCHASE_PERMIT: RuleGroup = {
  title: "the purchase permit",
  rules: [
    rule("a permit of another sale is refused", async (sale) => {
      const revert = await sale.revert(sale.bid({ permit: { SaleUUID: OTHER_SALE } }));
      expect(revert).toEqual({ error: "InvalidSaleUUID", args: [OTHER_SALE, sale.saleUUID] });
    }),
    rule("a permit is expired from its last second on", async (sale) => {
      const now = await sale.now();
      const { error, args } = await sale.revert(sale.bid({ permit: { ExpiresAt: now } }));
      expect(error).toBe("PurchasePermitExpired");
      expect(args).toEqual([BigInt(now), BigInt(now)]);
      expect(await sale.revert(sale.bid({ permit: { ExpiresAt: now + 1 } }))).toEqual(ACCEPTED);
    }),
    rule("the error of an expired permit tells its end first, then the time", async (sale) => {
      const now = await sale.now();
      const revert = await sale.revert(sale.bid({ permit: { ExpiresAt: now - 7 } }));
      expect(revert).toEqual({ error: "PurchasePermitExpired", args: [BigInt(now - 7), BigInt(now)] });
    }),
    rule("a permit is for its wallet only", async (sale) => {
      const revert = await sale.revert(sale.bid({ by: BOB.address, permit: { Wallet: ALICE.address } }));
      expect(revert).toEqual({ error: "InvalidSender", args: [BOB.address, ALICE.address] });
    }),
    rule("a permit of anybody but the signer is refused", async (sale) => {
      const signature = await STRANGER.signMessage({ message: { raw: encodePermit(await sale.permit()) } });
      const revert = await sale.revert(sale.bid({ signature }));
      expect(revert).toEqual({ error: "UnauthorizedSigner", args: [STRANGER.address] });
    }),
    rule("the signature covers every field that is not checked before it", async (sale) => {
      const { signature } = await signed(sale);
      for (const permit of changes(await sale.now())) {
        const revert = await sale.revert(sale.bid({ permit, signature }));
        expect(revert, JSON.stringify(permit)).toMatchObject({ error: "UnauthorizedSigner" });
        expect(revert.args).not.toEqual([permitSigner().address]);
      }
    }),
    rule("a signature of another length is refused", async (sale) => {
      const { signature } = await signed(sale);
      const revert = await sale.revert(sale.bid({ signature: `0x${signature.slice(2, 130)}` }));
      expect(revert).toEqual({ error: "ECDSAInvalidSignatureLength", args: [64n] });
    }),
    rule("a signature's malleable twin is refused", async (sale) => {
      const { signature } = await signed(sale);
      expect(await sale.revert(sale.bid({ signature: twin(signature) }))).toMatchObject({
        error: "ECDSAInvalidSignatureS",
      });
    }),
    rule("a signature that nobody can have made is refused", async (sale) => {
      const { signature } = await signed(sale);
      const revert = await sale.revert(sale.bid({ signature: `0x${signature.slice(2, 130)}1d` }));
      expect(revert).toEqual({ error: "ECDSAInvalidSignature", args: [] });
    }),
    rule("a permit may be used again until it expires", async (sale) => {
      const { permit, signature } = await signed(sale);
      await sale.accepted(sale.bid({ permit, signature }));
      await sale.accepted(sale.bid({ permit, signature, amount: 150_000_000n }));
      expect((await sale.entity(ENTITY)).currentBid.amount).toBe(150_000_000n);
    }),
  ],
};
