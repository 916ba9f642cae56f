import { AUCTION_BOUNDS } from "../../chain/auction";
import type { SaleKind } from "../sale-anchor";
import type { Persona, PersonaEntity, PurchaseTerms } from "./persona";

/** What a persona will find in an app that does everything right, while the sale is open. */
export interface ExpectedResult {
  ready: boolean;
  sentence: string;
}

const SETUP: Readonly<Record<string, string>> = {
  "not-started": "setup not started",
  "in-progress": "setup not finished",
  "ready-for-review": "waits for a review",
  "in-review": "in review",
  failure: "setup failed, can be corrected",
  "failure-final": "setup failed for good",
  "technical-issue": "a technical problem on Sonar's side",
};

const REASONS: Readonly<Record<string, string>> = {
  "requires-liveness": "a face check comes first",
  "wallet-risk": "every wallet is refused",
  "max-wallets-used": "no further wallet",
  "wallet-not-linked": "the wallet must be linked",
  "sale-not-active": "the sale is not open to it",
};

/** The obstacle of one entity; undefined if it can commit. */
function obstacle({ details, terms }: PersonaEntity): string | undefined {
  const { EntitySetupState, SaleEligibility } = details;
  if (EntitySetupState !== "complete") return SETUP[EntitySetupState] ?? "a state that apps do not know";
  if (SaleEligibility !== "eligible") return "not eligible";
  if (terms.failureReason !== "") return REASONS[terms.failureReason] ?? "a reason that apps do not know";
  if (terms.window !== "open") return terms.window === "closed" ? "its window has closed" : "its window opens later";
  if (terms.permit !== "current")
    return `at the commit, its permit ${terms.permit === "expired" ? "has expired" : "has an older form"}`;
  return typeof terms.maxPrice === "bigint" ? "its permit has a number that JSON rounds" : undefined;
}

/** Longer than any amount that a wallet of the sandbox holds. */
const MANY_DIGITS = 20;

function amount(smallest: string): string {
  return (BigInt(smallest) / 1_000_000n).toLocaleString("en");
}

function range({ minAmount, maxAmount }: PurchaseTerms): string {
  return maxAmount.length > MANY_DIGITS ? "any amount" : `${amount(minAmount)} to ${amount(maxAmount)}`;
}

/** The expected result, in one line of the consent page. */
export function expectedResult({ entities }: Persona, kind: SaleKind): ExpectedResult {
  const [first] = entities;
  if (!first) return { ready: false, sentence: "Blocked: has no entity" };
  const able = entities.filter((entity) => obstacle(entity) === undefined);
  const [one] = able;
  if (!one) return { ready: false, sentence: `Blocked: ${obstacle(first)}` };
  if (able.length > 1)
    return { ready: true, sentence: `Ready: ${able.length} of ${entities.length} entities can commit` };
  const bids = kind === "auction" ? AUCTION_BOUNDS : one.terms;
  const priced = bids.minPrice === bids.maxPrice ? "" : `, at ${bids.minPrice} to ${bids.maxPrice} price steps`;
  return { ready: true, sentence: `Ready: can commit ${range(one.terms)}${priced}` };
}
