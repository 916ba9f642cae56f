import type { ChainControl } from "../../chain/control";
import { STAGE_NAMES } from "../../chain/sale-stage";
import type { SaleStage } from "../../chain/sale-stage";
import type { Answer } from "../../http/answer";
import { noContent } from "../../http/answer";
import { invalidField, requireBoolean, requireInteger } from "../../http/fields";
import type { JsonObject } from "../../http/json-body";
import type { SandboxRequest } from "../../http/sandbox-request";
import type { Echo } from "../echo";
import { controlBody } from "../../control/control-body";
import { onChain } from "./on-chain";

type Sale = ChainControl["sale"];

/** A control that sets one thing of the sale, named in its body. */
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

/** PUT /sandbox/chain/claim-refund `{ enabled }`: whether buyers may claim refunds themselves. */
export const setClaimRefund = switchOf(
  "enabled",
  (body) => requireBoolean(body, "enabled"),
  (sale, enabled) => sale.setClaimRefundEnabled(enabled),
);

/** PUT /sandbox/chain/reduce-commitment `{ enabled }`: whether buyers may take back a part. */
export const setReduceCommitment = switchOf(
  "enabled",
  (body) => requireBoolean(body, "enabled"),
  (sale, enabled) => sale.setReduceCommitmentEnabled(enabled),
);

/** PUT /sandbox/chain/max-wallets `{ count }`: wallets that one entity may use. */
export const setMaxWallets = switchOf(
  "count",
  (body) => requireInteger(body, "count", 0, 255),
  (sale, count) => sale.setMaxWalletsPerEntity(count),
);
