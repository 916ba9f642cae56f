import { getAddress } from "viem";
import { describe, expect, it } from "vitest";
import { fail } from "@/lib/result";
import * as schemas from "@/lib/sonar/responses";

const ID = "0123456789abcdef0123456789abcdef";
const UUID = "01234567-89ab-cdef-0123-456789abcdef";
/** The forms in which Sonar's documents and APIs write one id of 16 bytes. */
const FORMS = [
  ID,
  `0x${ID}`,
  `0X${ID.toUpperCase()}`,
  UUID,
  UUID.toUpperCase(),
  `0x${UUID}`,
  ` ${UUID}\n`,
  ` 0x${ID} `,
];

describe("an answer about a sale on Solana", () => {
  const base58 = "9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM";
  const evm = `0x${"ab".repeat(20)}`;

  it.each([
    { Commitments: [{ Amounts: [{ Wallet: base58, Token: base58, Amount: 5 }] }] },
    { Commitments: [{ Amounts: [{ Wallet: evm, TokenAddress: base58 }] }] },
    { PermitJSON: { Wallet: base58, MinAmount: 0, MaxAmount: 5 }, Signature: "AAAA" },
  ])("is recognised by its addresses: %j", async (answer) => {
    const read = await schemas.askSonar(schemas.purchasePermitSchema, () => Promise.resolve(answer));
    expect(read).toEqual(fail("sale/not_evm"));
  });

  it.each([evm, evm.slice(2), evm.slice(2).toUpperCase(), base58.slice(0, 20), ""])(
    "is not suspected because of the address %s",
    async (wallet) => {
      const answer = { Entities: [], Commitments: [{ Amounts: [{ Wallet: wallet }], Label: base58 }] };
      const read = await schemas.askSonar(schemas.entitiesSchema, () => Promise.resolve(answer));
      expect(read).toEqual({ ok: true, data: { Entities: [] } });
    },
  );

  it("takes an error with a status of success for no empty list, and an absurd depth for no crash", async () => {
    const error = await schemas.askSonar(schemas.entitiesSchema, () => Promise.resolve({ error: "down" }));
    expect(error).toEqual(fail("api/invalid_response"));
    const deep: unknown = JSON.parse(`${'{"Entities":null,"a":'.repeat(5_000)}1${"}".repeat(5_000)}`);
    expect(await schemas.askSonar(schemas.entitiesSchema, () => Promise.resolve(deep))).toMatchObject({ ok: true });
  });
});

describe("commitment data", () => {
  const wallet = getAddress(`0x${"ab".repeat(20)}`);
  const token = `0x${"cd".repeat(20)}`;
  const commitment = {
    CommitmentID: `0x${"ef".repeat(32)}`,
    SaleSpecificEntityID: `0x${ID}`,
    PriceNumerator: "5",
    PriceDenominator: "1",
    Amounts: [{ Wallet: wallet, Token: token, Amount: "1000000" }],
    CreatedAt: "2026-11-20T10:00:00.123Z",
    ExtraRaw: "0x01",
    ExtraDataParsed: null,
  };
  const data = {
    TotalCommitmentAmount: "1000000",
    PaymentTokenDecimals: 6,
    UniqueCommitmentCount: 1,
    Commitments: [commitment],
  };

  function first(changes: object) {
    return schemas.commitmentDataSchema.parse({ ...data, Commitments: [{ ...commitment, ...changes }] }).Commitments[0];
  }

  it("keeps nothing of the field that may hold anything, since a page cannot be made of it", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);
    const read = first({ ExtraDataParsed: deep });
    expect(JSON.stringify(read)).toContain('"ExtraDataParsed":null');
  });

  it("is passed on as it is", () => {
    expect(schemas.commitmentDataSchema.parse(data)).toEqual(data);
  });

  it("keeps amounts as exact text", () => {
    const total = "9".repeat(78);
    expect(schemas.commitmentDataSchema.parse({ ...data, TotalCommitmentAmount: total })).toMatchObject({
      TotalCommitmentAmount: total,
    });
  });

  it.each(["1.5", "-1", "1e6", "0x10", "", null, undefined, 2 ** 60, 0.5])("is refused with the amount %j", (total) => {
    expect(schemas.commitmentDataSchema.safeParse({ ...data, TotalCommitmentAmount: total }).success).toBe(false);
  });

  it("may name the token Token or TokenAddress", () => {
    const amount = { Wallet: wallet, TokenAddress: token, Amount: "1000000" };
    expect(first({ Amounts: [amount] })?.Amounts).toEqual(commitment.Amounts);
  });

  it.each([
    { Amounts: [{ Wallet: wallet, Amount: "1" }] },
    { Amounts: [...commitment.Amounts, { Wallet: wallet, Token: token, Amount: null }] },
    { Amounts: [...commitment.Amounts, null] },
    { Amounts: null },
    { Amounts: undefined },
    { SaleSpecificEntityID: 7 },
    { CreatedAt: "soon" },
    { CreatedAt: null },
  ])(
    "leaves out a row with something unreadable, whose amount would be wrong, and keeps Sonar's totals: %j",
    (broken) => {
      const rows = [commitment, { ...commitment, ...broken }, null];
      expect(schemas.commitmentDataSchema.parse({ ...data, UniqueCommitmentCount: 3, Commitments: rows })).toEqual({
        ...data,
        UniqueCommitmentCount: 3,
        Commitments: [commitment],
      });
    },
  );

  it("names each wallet as wallets and the chain spell it, however Sonar does", () => {
    const Amounts = [{ Wallet: wallet.toLowerCase(), Token: token, Amount: "1000000" }];
    expect(schemas.commitmentDataSchema.parse({ ...data, Commitments: [{ ...commitment, Amounts }] })).toEqual(data);
  });

  it.each([null, undefined, []])("may have its list empty, sent as %j", (list) => {
    expect(schemas.commitmentDataSchema.parse({ ...data, Commitments: list })).toEqual({ ...data, Commitments: [] });
  });

  it("may have numbers and texts swapped, and nulls where nothing is known", () => {
    const swapped = {
      TotalCommitmentAmount: 1_000_000,
      PaymentTokenDecimals: "6",
      UniqueCommitmentCount: "1",
      OfferedTokenDecimals: null,
      ClearingPriceNumerator: "",
      ClearingPriceDenominator: null,
      Commitments: [
        {
          ...commitment,
          PriceNumerator: 5,
          PriceDenominator: 1,
          PriceMicroUSD: null,
          Amounts: [{ Wallet: wallet, Token: null, TokenAddress: token, Amount: 1_000_000 }],
          CreatedAt: 1_795_168_800.123,
        },
      ],
    };
    expect(schemas.commitmentDataSchema.parse(swapped)).toEqual(data);
  });

  it("derives a commitment's id from its entity if it cannot be read, as the contract does", () => {
    for (const id of [null, undefined, "c-1", 7])
      expect(first({ CommitmentID: id })?.CommitmentID).toBe(`0x${ID}${"0".repeat(32)}`);
  });

  it("may have ids without 0x and in capitals", () => {
    const ids = { CommitmentID: "EF".repeat(32), SaleSpecificEntityID: ID.toUpperCase() };
    expect(first(ids)).toEqual(commitment);
  });

  it.each(FORMS)("has its entity's id in one form, sent as %s", (sent) => {
    expect(first({ SaleSpecificEntityID: sent, CommitmentID: sent })).toEqual({
      ...commitment,
      CommitmentID: `0x${ID}`,
    });
  });

  it("may leave out what only some sales have", () => {
    const { ExtraRaw: _raw, ExtraDataParsed: _parsed, ...rest } = commitment;
    expect(schemas.commitmentDataSchema.parse({ ...data, Commitments: [rest] }).Commitments[0]?.ExtraRaw).toBe("0x");
  });
});
