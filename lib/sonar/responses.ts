import "server-only";
import {
  EntitySetupState,
  EntityType,
  InvestingRegion,
  PrePurchaseFailureReason,
  SaleEligibility,
  type Commitment,
  type EntityInvestmentHistoryResponse,
  type MyProfileResponse,
  type ReadCommitmentDataResponse,
} from "@echoxyz/sonar-core";
import { getAddress } from "viem";
import { z } from "zod";
import { count, digits, flag, items, isErrorBody, listAnswer, optional, rows, text, time } from "@/lib/http/wire";
import { fail, success, type Result } from "@/lib/result";
import { isSolanaAddress, readHex } from "@/lib/sale/hex";
import { withDistinctLabels, type SonarEntity } from "@/lib/sonar/entity";
import { entityIDSchema } from "@/lib/sonar/inputs";
import { sonarResult } from "@/lib/sonar/refusals";

const ADDRESS_FIELDS = ["Wallet", "Token", "TokenAddress"];

/** An answer's addresses are not deeper than this; an absurdly nested one must not exhaust the stack. */
const DEEPEST = 5;

/** True if an answer is about a sale on Solana: a wallet or token in it is written in base58. */
function isOfSolana(answer: unknown, depth = 0): boolean {
  if (typeof answer !== "object" || answer === null || depth > DEEPEST) return false;
  // The entries of a list would be made first, all of them.
  if (Array.isArray(answer)) return answer.some((each) => isOfSolana(each, depth + 1));
  return Object.entries(answer).some(([name, value]) =>
    typeof value === "string" ? ADDRESS_FIELDS.includes(name) && isSolanaAddress(value) : isOfSolana(value, depth + 1),
  );
}

/** Makes one call of sonar-core, whose answers are unchecked casts: errors become Failures, and the answer is parsed. */
export async function askSonar<T>(schema: z.ZodType<T>, call: () => Promise<unknown>): Promise<Result<T>> {
  const answer = await sonarResult("api", call);
  if (!answer.ok) return answer;
  if (isOfSolana(answer.data)) return fail("sale/not_evm");
  if (isErrorBody(answer.data)) return fail("api/invalid_response");
  const parsed = schema.safeParse(answer.data);
  return parsed.success ? success(parsed.data) : fail("api/invalid_response");
}

/** Bytes in any of the forms that Sonar writes them, in one form from here on. With `length`, exactly so many. */
function hex(length?: number) {
  return z.string().transform((text, context) => {
    const read = readHex(text);
    if (read !== undefined && (length === undefined || read.length === 2 + 2 * length)) return read;
    context.addIssue("is not hexadecimal");
    return z.NEVER;
  });
}

const opaqueId = text.pipe(entityIDSchema);
const bytes16 = hex(16);
const anyHex = hex();
const walletAddress = hex(20);

function isSetupState(value: string): value is EntitySetupState {
  return Object.values<string>(EntitySetupState).includes(value);
}

function isEligibility(value: string): value is SaleEligibility {
  return Object.values<string>(SaleEligibility).includes(value);
}

const wireEntity = z.object({
  Label: text.catch(""),
  EntityID: opaqueId,
  SaleSpecificEntityID: bytes16,
  EntityType: z.enum(EntityType).catch(EntityType.USER),
  EntitySetupState: z.string().catch(""),
  SaleEligibility: z.string().catch(""),
  InvestingRegion: z.enum(InvestingRegion).catch(InvestingRegion.UNKNOWN),
});

/** One entity. A state that this app does not know becomes a passive one; see `SonarEntity.Pending`. */
export const entitySchema = wireEntity.transform((wire): SonarEntity => {
  const { EntitySetupState: setup, SaleEligibility: eligibility } = wire;
  return {
    ...wire,
    EntitySetupState: isSetupState(setup) ? setup : EntitySetupState.IN_REVIEW,
    SaleEligibility: isEligibility(eligibility) ? eligibility : SaleEligibility.UNKNOWN_SETUP_INCOMPLETE,
    Pending: !isSetupState(setup) || !isEligibility(eligibility),
  };
});

/** ListAvailableEntities. */
export const entitiesSchema = listAnswer({ Entities: rows("Entities", entitySchema).transform(withDistinctLabels) });

/** ReadEntity. */
export const readEntitySchema = z.object({ Entity: entitySchema });

/** MyProfile; the email comes only with the contact scope. */
export const profileSchema: z.ZodType<MyProfileResponse> = z.object({
  EntityID: opaqueId,
  EmailAddress: optional(z.string().min(1)),
});

/** ReadEntityInvestmentHistory. */
export const investmentHistorySchema: z.ZodType<EntityInvestmentHistoryResponse> = listAnswer({
  Investments: rows("Investments", z.object({ CompanyName: text, Round: text.catch(""), InvestedOn: time.catch("") })),
});

/** True if a check's answer gives a reason against the purchase, known or not. */
function givesReason(answer: unknown): answer is object {
  if (typeof answer !== "object" || answer === null || !("FailureReason" in answer)) return false;
  return ![undefined, null, ""].some((none) => none === answer.FailureReason);
}

/**
 * PrePurchaseCheck. Anything but a clear yes is a no, and so is a yes with a reason against it. A reason that this app does not know is
 * "unknown"; if ready, there is none.
 */
export const prePurchaseCheckSchema = z.preprocess(
  (answer) => (givesReason(answer) ? { ...answer, ReadyToPurchase: false } : answer),
  z.object({
    ReadyToPurchase: flag.catch(false),
    FailureReason: z.union([z.literal(""), z.enum(PrePurchaseFailureReason)]).catch(PrePurchaseFailureReason.UNKNOWN),
    LivenessCheckURL: z.url({ protocol: /^https?$/ }).catch(""),
  }),
);

/** Sonar's answer to a PrePurchaseCheck. */
export type PrePurchaseCheck = z.infer<typeof prePurchaseCheckSchema>;

// A number that JSON.parse has rounded passes here. The code that reads the permit refuses it and names the number.
const uint64 = z.preprocess(
  (value) => (typeof value === "string" && /^\d{1,20}$/.test(value) ? Number(value) : value),
  z.number().nonnegative().refine(Number.isInteger),
);

/** The signature covers the exact amounts, which a permit of an EVM sale has as text. */
const integerText = z.string().regex(/^\d{1,78}$/);

/** A field of a newer form: a permit that has it is of that form, and must not be read as an older one if another field is bad. */
const absent = z.undefined().optional();
const permitHead = { SaleUUID: bytes16, Wallet: walletAddress, ExpiresAt: uint64, Payload: anyHex };
const bounds = {
  SaleSpecificEntityID: bytes16,
  MinAmount: integerText,
  MaxAmount: integerText,
  MinPrice: uint64,
  MaxPrice: uint64,
};
const basicPermit = z.object({ ...permitHead, EntityID: bytes16, MinPrice: absent, OpensAt: absent, ClosesAt: absent });
const basicPermitV2 = z.object({ ...permitHead, ...bounds, OpensAt: absent, ClosesAt: absent });
const basicPermitV3 = z.object({ ...permitHead, ...bounds, OpensAt: uint64, ClosesAt: uint64 });
const allocationPermit = z.object({
  Permit: basicPermit,
  ReservedAmount: integerText,
  MaxAmount: integerText,
  MinAmount: integerText,
});

/** GenerateSalePurchasePermit. The answer has no type tag, so the newest form that fits is used (sonar.md 2.5). */
export const purchasePermitSchema = z.object({
  PermitJSON: z.union([basicPermitV3, basicPermitV2, allocationPermit, basicPermit]),
  Signature: hex(65),
});

// Echo's older documents and its types name the token field differently. It is not known which one is sent, so both are accepted.
const tokenAmount = z
  .object({
    Wallet: walletAddress,
    Token: walletAddress.nullish(),
    TokenAddress: walletAddress.nullish(),
    Amount: digits,
  })
  .transform(({ Wallet, Token, TokenAddress, Amount }, context) => {
    const token = Token ?? TokenAddress;
    if (!token) return (context.addIssue("has no token"), z.NEVER);
    // In the spelling of wallets and of the chain: one wallet must not look like two on the page.
    return { Wallet: getAddress(Wallet), Token: token, Amount };
  });

const MOST_DECIMALS = 77;

/** An amount that cannot be read makes the whole row unreadable: the row's total would be too low without it. */
const commitment = z
  .object({
    CommitmentID: anyHex.optional().catch(undefined),
    SaleSpecificEntityID: bytes16,
    PriceNumerator: text.catch("0"),
    PriceDenominator: text.catch("0"),
    PriceMicroUSD: optional(text),
    Amounts: items(tokenAmount),
    CreatedAt: time,
    ExtraRaw: anyHex.catch("0x"),
    // Nobody here reads it, and it may hold anything: twenty thousand lists in one another are more than a page can be made of.
    ExtraDataParsed: z
      .unknown()
      .default(null)
      .transform(() => null),
  })
  // The contract's own rule for this id (sonar.md 4.3).
  .transform(({ CommitmentID, ...row }): Commitment => ({
    CommitmentID: CommitmentID ?? `${row.SaleSpecificEntityID}${"0".repeat(32)}`,
    ...row,
  }));

/** ReadCommitmentData: public, the 100 latest commitments, totals over all. The totals are Sonar's own, whatever becomes of the rows. */
export const commitmentDataSchema: z.ZodType<ReadCommitmentDataResponse> = z.object({
  TotalCommitmentAmount: digits,
  ClearingPriceNumerator: optional(digits),
  ClearingPriceDenominator: optional(digits),
  ClearingPriceMicroUSD: optional(digits),
  PaymentTokenDecimals: count(MOST_DECIMALS),
  OfferedTokenDecimals: optional(count(MOST_DECIMALS)),
  UniqueCommitmentCount: count(),
  Commitments: rows("Commitments", commitment),
});
