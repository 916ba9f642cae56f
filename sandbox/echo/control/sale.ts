import type { ChainControl } from "../../chain/control";
import { STAGE_NAMES, type SaleStage } from "../../chain/chain-facts";
import { noContent, ApiError, type Answer } from "../../http/answer";
import { invalidField, requireBoolean, requireInteger } from "../../http/fields";
import type { JsonObject, SandboxRequest } from "../../http/request";
import type { Echo } from "../echo";
import { controlBody } from "../../control/controls";
import { onChain, tokenAmount, walletField } from "./chain";

type Sale = ChainControl["sale"];

/** A control that changes one setting of the sale, which its body names. */
type Switch = (echo: Echo, request: SandboxRequest) => Promise<Answer>;

function switchOf<T>(
  field: string,
  read: (body: JsonObject) => T,
  set: (sale: Sale, value: T) => Promise<void>,
): Switch {
  return async (echo, request) => {
    const value = read(controlBody(request, [field]));
    await onChain(echo, ({ sale }) => set(sale, value));
    return noContent();
  };
}

function stageField(body: JsonObject): SaleStage {
  const stage = STAGE_NAMES.find((name) => name === body["stage"]);
  if (stage === undefined) throw invalidField("stage", `must be one of ${STAGE_NAMES.join(", ")}`);
  return stage;
}

/** PUT /sandbox/chain/stage `{ stage }`: from any stage to any other. */
export const setStage = switchOf("stage", stageField, (sale, stage) => sale.setStage(stage));

/** PUT /sandbox/chain/paused `{ paused }`. */
export const setPaused = switchOf(
  "paused",
  (body) => requireBoolean(body, "paused"),
  (sale, paused) => sale.setPaused(paused),
);

/** PUT /sandbox/chain/claim-refund `{ enabled }`: lets buyers claim refunds themselves. */
export const setClaimRefund = switchOf(
  "enabled",
  (body) => requireBoolean(body, "enabled"),
  (sale, enabled) => sale.setClaimRefundEnabled(enabled),
);

/** PUT /sandbox/chain/reduce-commitment `{ enabled }`: lets buyers reduce their commitment. */
export const setReduceCommitment = switchOf(
  "enabled",
  (body) => requireBoolean(body, "enabled"),
  (sale, enabled) => sale.setReduceCommitmentEnabled(enabled),
);

/** PUT /sandbox/chain/max-wallets `{ count }`: the most wallets that one entity can use. */
export const setMaxWallets = switchOf(
  "count",
  (body) => requireInteger(body, "count", 1, 255),
  (sale, count) => sale.setMaxWalletsPerEntity(count),
);

/** POST /sandbox/chain/settle `{ acceptedPercent }`: accepts that share of every commitment and ends the sale. */
export async function settleSale(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const percent = requireInteger(controlBody(request, ["acceptedPercent"]), "acceptedPercent", 0, 100);
  await onChain(echo, (control) => settleBy(control, percent));
  return noContent();
}

async function settleBy({ sale, reader }: ChainControl, percent: number): Promise<void> {
  const { refundedEntities, settle, shareOf } = await import("../../chain/sale-control");
  const entities = await reader.entityStates();
  // The contract would accept a second settlement, but its totals would be wrong.
  if (refundedEntities(entities).length > 0) {
    throw new ApiError("failed_precondition", "an earlier settlement has paid refunds; reset the chain");
  }
  await settle(sale, shareOf(entities, percent));
}

/**
 * POST /sandbox/chain/force-reduce `{ token, wallet, amount }`: the operator returns a part of a wallet's commitment, at any stage. `amount` is
 * in smallest units.
 */
export async function forceReduce(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const reduction = tokenAmount(controlBody(request, ["token", "wallet", "amount"]));
  await onChain(echo, ({ sale }) => sale.forceReduceCommitment([reduction]));
  return noContent();
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
  return noContent();
}

/** POST /sandbox/chain/process-refunds: pays the refunds that are not paid yet. */
export async function processRefunds(echo: Echo, request: SandboxRequest): Promise<Answer> {
  controlBody(request, []);
  await onChain(echo, async ({ sale, reader }) => {
    const entities = await reader.entityStates();
    await sale.processRefunds(entities.map(({ entityID }) => entityID));
  });
  return noContent();
}
