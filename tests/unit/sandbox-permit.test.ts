import { describe, expect, it } from "vitest";
import { hashMessage, recoverMessageAddress, size } from "viem";
import { SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { buildPermit, encodePayload, isOpen, type PermitV3 } from "@/sandbox/echo/permits/permit";
import { encodePermit, permitSigner, signPermit } from "@/sandbox/echo/permits/sign-permit";
import { PERSONAS, findPersona } from "@/sandbox/echo/personas/all-personas";
import type { PersonaEntity } from "@/sandbox/echo/personas/persona";

const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/** The test vector of sonar.md 4.4, checked there against the real contract library. */
const VECTOR: PermitV3 = {
  SaleSpecificEntityID: "0x11111111111111111111111111111111",
  SaleUUID: "0x1234567890abcdef1234567890abcdef",
  Wallet: WALLET,
  ExpiresAt: 4102444800,
  MinAmount: "1000000",
  MaxAmount: "5000000000",
  MinPrice: 0,
  MaxPrice: 0,
  OpensAt: 0,
  ClosesAt: 4102444800,
  Payload: encodePayload(false),
};

describe("a purchase permit's signature", () => {
  it("is made by development account 5", () => {
    expect(permitSigner().address).toBe("0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc");
  });

  it("covers an encoding of the known length and digest", () => {
    const encoded = encodePermit(VECTOR);
    expect(size(encoded)).toBe(448);
    expect(hashMessage({ raw: encoded })).toBe("0x893e1f1d59ad016e35c761169dd639ea720ea7e61666e6f1bd669b12ccc94862");
  });

  it("is the known one", async () => {
    expect(await signPermit(VECTOR)).toBe(
      "0x8dd13048e8d66a651eb7d8c9f56cce486f8f26fd86bc7e3faa3530abaf7808b1016735ce386d5330280ff4bbd63173f3c93dd1b36b1817999aaa628c5c2fa9b01c",
    );
  });

  it("changes with every field", async () => {
    const changed: Partial<PermitV3>[] = [
      { SaleSpecificEntityID: "0x22222222222222222222222222222222" },
      { SaleUUID: "0x22222222222222222222222222222222" },
      { Wallet: "0x2222222222222222222222222222222222222222" },
      { ExpiresAt: 1 },
      { MinAmount: "2" },
      { MaxAmount: "2" },
      { MinPrice: 2 },
      { MaxPrice: 2 },
      { OpensAt: 2 },
      { ClosesAt: 2 },
      { Payload: encodePayload(true) },
    ];
    expect(changed.flatMap(Object.keys).sort()).toEqual(Object.keys(VECTOR).sort());
    const encodings = [{}, ...changed].map((change) => encodePermit({ ...VECTOR, ...change }));
    expect(new Set(encodings).size).toBe(changed.length + 1);
  });
});

describe("a purchase permit", () => {
  const NOW = 1_800_000_123;
  const ANCHOR = NOW - (NOW % 86_400);
  const anyPermitOf = (entity: PersonaEntity, now = NOW) =>
    buildPermit({ entity, saleUuid: SANDBOX_SALE_UUID, wallet: WALLET, now, anchor: ANCHOR });
  const permitOf = (entity: PersonaEntity, now = NOW) => {
    const permit = anyPermitOf(entity, now);
    if (!("OpensAt" in permit)) throw new Error("not a permit of the current form");
    return permit;
  };

  it("names the sale without dashes, the wallet asked for, and ends after ten minutes", () => {
    const permit = permitOf(entityOf("ada"));
    expect(permit).toMatchObject({
      SaleUUID: `0x${SANDBOX_SALE_UUID.replaceAll("-", "")}`,
      Wallet: WALLET.toLowerCase(),
      ExpiresAt: NOW + 600,
    });
  });

  it("forces the lockup for US entities only", () => {
    for (const persona of PERSONAS) {
      for (const entity of persona.entities) {
        const forced = entity.details.InvestingRegion === "us";
        expect(anyPermitOf(entity).Payload).toBe(encodePayload(forced));
      }
    }
    expect(encodePayload(true)).toBe(`0x${"0".repeat(63)}1`);
  });

  it("has the window of its persona: current, future or past", () => {
    const permit = (id: string) => permitOf(entityOf(id));
    expect(permit("ada").OpensAt).toBeLessThanOrEqual(NOW);
    expect(permit("ada").ClosesAt).toBeGreaterThan(NOW);
    expect(permit("dorothy").OpensAt).toBeGreaterThan(NOW);
    expect(permit("dorothy").ClosesAt).toBeGreaterThan(permit("dorothy").OpensAt);
    expect(permit("niklaus").ClosesAt).toBeLessThanOrEqual(NOW);
  });

  it("is closed for a persona with a closed window in the first second of the sale too", () => {
    expect(permitOf(entityOf("niklaus"), ANCHOR).ClosesAt).toBeLessThanOrEqual(ANCHOR);
  });

  it("has a window that does not move with the clock, and so closes", () => {
    const window = ({ OpensAt, ClosesAt }: PermitV3) => ({ opensAt: OpensAt, closesAt: ClosesAt });
    const today = window(permitOf(entityOf("ada")));
    const later = window(permitOf(entityOf("ada"), today.closesAt));
    expect(later).toEqual(today);
    expect(isOpen(today, today.closesAt - 1)).toBe(true);
    expect(isOpen(later, today.closesAt)).toBe(false);
  });

  it("has safe integers only, except for the persona with an unsafe one", () => {
    const unsafe = PERSONAS.filter(({ entities }) =>
      entities.some((entity) => Object.values(anyPermitOf(entity)).some((value) => typeof value === "bigint")),
    );
    expect(unsafe.map(({ id }) => id)).toEqual(["evelyn"]);
    for (const entity of PERSONAS.flatMap((persona) => persona.entities)) {
      const numbers = Object.values(anyPermitOf(entity)).filter((value) => typeof value === "number");
      expect(numbers.every(Number.isSafeInteger)).toBe(true);
    }
  });

  it("has already expired for one persona, and has an older form for another", () => {
    expect(permitOf(entityOf("annie")).ExpiresAt).toBeLessThan(NOW);
    const { OpensAt: _, ClosesAt: __, ...older } = permitOf(entityOf("ada"));
    expect(Object.keys(anyPermitOf(entityOf("grete"))).sort()).toEqual(Object.keys(older).sort());
  });

  it("in the older form is signed without a window", async () => {
    const { OpensAt: _, ClosesAt: __, ...older } = VECTOR;
    expect(size(encodePermit(older))).toBe(448 - 2 * 32);
    const signature = await signPermit(older);
    expect(await recoverMessageAddress({ message: { raw: encodePermit(older) }, signature })).toBe(
      permitSigner().address,
    );
  });

  it("is signed so that the signer can be recovered for an id without 0x too", async () => {
    const permit = permitOf(entityOf("unprefixed"));
    expect(permit.SaleSpecificEntityID).toMatch(/^0x[0-9a-f]{32}$/);
    const signature = await signPermit(permit);
    const signer = await recoverMessageAddress({ message: { raw: encodePermit(permit) }, signature });
    expect(signer).toBe(permitSigner().address);
  });
});

function entityOf(personaId: string): PersonaEntity {
  const entity = findPersona(personaId)?.entities[0];
  if (!entity) throw new Error(`no entity of ${personaId}`);
  return entity;
}
