import type { ChainControl } from "../../chain/control";
import { STAGE_NAMES, type SaleStage } from "../../chain/chain-facts";
import { auctionAllocations } from "../../chain/auction";
import { nowSo, ApiError, type Answer } from "../../http/answer";
import { invalidField, optionalBoolean, requireBoolean, requireInteger } from "../../http/fields";
import type { JsonObject, SandboxRequest } from "../../http/request";
import type { Echo } from "../echo";
import { accountLabel } from "../personas/accounts";
import { SALE_KINDS } from "../sale-anchor";
import { controlBody } from "../../control/controls";
import { onChain, tokenAmount, walletField } from "./chain";

type Sale = ChainControl["sale"];

/** A control that changes one setting of the sale, which its body names. */
type Switch = (echo: Echo, request: SandboxRequest) => Promise<Answer>;

function switchOf<T>(
  field: string,
  read: (body: JsonObject) => T,
  set: (sale: Sale, value: T) => Promise<void>,
  sentence: (value: T) => string,
): Switch {
  return async (echo, request) => {
    const value = read(controlBody(request, [field]));
    await onChain(echo, ({ sale }) => set(sale, value));
    return nowSo(sentence(value));
  };
}

function stageField(body: JsonObject): SaleStage {
  const stage = STAGE_NAMES.find((name) => name === body["stage"]);
  if (stage === undefined) throw invalidField("stage", `must be one of ${STAGE_NAMES.join(", ")}`);
  return stage;
}

/** PUT /sandbox/chain/stage `{ stage }`: from any stage to any other. */
export const setStage = switchOf(
  "stage",
  stageField,
  (sale, stage) => sale.setStage(stage),
  (stage) => `The sale is in the stage ${stage}.`,
);

/** PUT /sandbox/chain/paused `{ paused }`. */
export const setPaused = switchOf(
  "paused",
  (body) => requireBoolean(body, "paused"),
  (sale, paused) => sale.setPaused(paused),
  (paused) => (paused ? "The sale is paused." : "The sale is not paused."),
);

/** PUT /sandbox/chain/claim-refund `{ enabled }`: lets buyers claim refunds themselves. */
export const setClaimRefund = switchOf(
  "enabled",
  (body) => requireBoolean(body, "enabled"),
  (sale, enabled) => sale.setClaimRefundEnabled(enabled),
  (enabled) => (enabled ? "Buyers claim their refunds themselves." : "Buyers may not claim refunds."),
);

/** PUT /sandbox/chain/reduce-commitment `{ enabled }`: lets buyers reduce their commitment. */
export const setReduceCommitment = switchOf(
  "enabled",
  (body) => requireBoolean(body, "enabled"),
  (sale, enabled) => sale.setReduceCommitmentEnabled(enabled),
  (enabled) => `Buyers may ${enabled ? "" : "not "}reduce their commitment in the cancellation stage.`,
);

/** PUT /sandbox/chain/max-wallets `{ count }`: the most wallets that one entity can use. */
export const setMaxWallets = switchOf(
  "count",
  (body) => requireInteger(body, "count", 1, 255),
  (sale, count) => sale.setMaxWalletsPerEntity(count),
  (count) => `An entity may use at most ${count} ${count === 1 ? "wallet" : "wallets"}.`,
);

/** PUT /sandbox/sale-kind `{ kind }`: at a fixed price, or an auction. Bids that exist keep their price. */
export function setSaleKind(echo: Echo, request: SandboxRequest): Answer {
  const { kind: wanted } = controlBody(request, ["kind"]);
  const kind = SALE_KINDS.find((known) => known === wanted);
  if (kind === undefined) throw invalidField("kind", `must be one of ${SALE_KINDS.join(", ")}`);
  echo.anchor.kind = kind;
  const auction = "The sale is an auction: every permit allows bids of 2 to 20 price steps.";
  return nowSo(kind === "auction" ? auction : "The sale is at a fixed price of 0.0215.", { kind });
}

/**
 * POST /sandbox/chain/settle `{ acceptedPercent }`: accepts that share of every commitment and ends the sale. With `{ atClearingPrice: true }`
 * it settles as an auction does.
 */
export async function settleSale(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const body = controlBody(request, ["acceptedPercent", "atClearingPrice"]);
  if (optionalBoolean(body, "atClearingPrice")) {
    await onChain(echo, (control) => settleBy(control, auctionAllocations));
    return nowSo("The sale is settled at its clearing price.");
  }
  const percent = requireInteger(body, "acceptedPercent", 0, 100);
  const { shareOf } = await import("../../chain/sale-control");
  await onChain(echo, (control) => settleBy(control, (entities) => shareOf(entities, percent)));
  return nowSo(`The sale is settled: ${percent} % of every commitment is accepted.`);
}

/** Ends the sale with these allocations. Throws ApiError 400 if an earlier settlement has paid refunds. */
export async function settleBy({ sale, reader }: ChainControl, allocate: typeof auctionAllocations): Promise<void> {
  const { refundedEntities, settle } = await import("../../chain/sale-control");
  const entities = await reader.entityStates();
  // The contract would accept a second settlement, but its totals would be wrong.
  if (refundedEntities(entities).length > 0) {
    throw new ApiError("failed_precondition", "an earlier settlement has paid refunds; reset the chain");
  }
  await settle(sale, allocate(entities));
}

/**
 * POST /sandbox/chain/force-reduce `{ token, wallet, amount }`: the operator returns a part of a wallet's commitment, at any stage. `amount` is
 * in smallest units.
 */
export async function forceReduce(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const reduction = tokenAmount(controlBody(request, ["token", "wallet", "amount"]));
  await onChain(echo, ({ sale }) => sale.forceReduceCommitment([reduction]));
  return nowSo(`The operator has returned that part of the commitment to wallet ${accountLabel(reduction.wallet)}.`);
}

/** POST /sandbox/chain/take-down `{ wallet }`: the operator returns the whole commitment of the wallet's entity. */
export async function takeDown(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const wallet = walletField(controlBody(request, ["wallet"]));
  await onChain(echo, async ({ sale, reader }) => {
    const { commitmentOf } = await import("../../chain/sale-control");
    const commitment = commitmentOf(await reader.entityStates(), wallet);
    if (commitment.length === 0) throw new ApiError("failed_precondition", "this wallet's entity has no commitment");
    await sale.forceReduceCommitment(commitment);
  });
  return nowSo("The operator has taken that entity's commitment down and returned all of it.");
}

/** POST /sandbox/chain/process-refunds: pays the refunds that are not paid yet. */
export async function processRefunds(echo: Echo, request: SandboxRequest): Promise<Answer> {
  controlBody(request, []);
  await onChain(echo, async ({ sale, reader }) => {
    const entities = await reader.entityStates();
    await sale.processRefunds(entities.map(({ entityID }) => entityID));
  });
  return nowSo("All refunds are paid.");
}
