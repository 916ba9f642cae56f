import type { ChainControl } from "../../chain/control";
import { noContent } from "../../http/answer";
import type { Answer } from "../../http/answer";
import { ApiError } from "../../http/api-error";
import { requireInteger } from "../../http/fields";
import type { SandboxRequest } from "../../http/sandbox-request";
import type { Echo } from "../echo";
import { controlBody } from "../../control/control-body";
import { onChain } from "./on-chain";

/** POST /sandbox/chain/settle `{ acceptedPercent }`: accepts that share of every commitment; the sale is done then. */
export async function settleSale(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const percent = requireInteger(controlBody(request, ["acceptedPercent"]), "acceptedPercent", 0, 100);
  await onChain(echo, (control) => settleBy(control, percent));
  return noContent();
}

async function settleBy({ sale, reader }: ChainControl, percent: number): Promise<void> {
  const { refundedEntities, settle, shareOf } = await import("../../chain/settlement");
  const entities = await reader.entityStates();
  // The contract would take it, and its books would not add up any more.
  if (refundedEntities(entities).length > 0) {
    throw new ApiError("failed_precondition", "refunds have been paid by an earlier settlement; reset the chain");
  }
  await settle(sale, shareOf(entities, percent));
}

/** POST /sandbox/chain/process-refunds: pays back what was not accepted, to whom it has not been paid yet. */
export async function processRefunds(echo: Echo, request: SandboxRequest): Promise<Answer> {
  controlBody(request, []);
  await onChain(echo, async ({ sale, reader }) => {
    const entities = await reader.entityStates();
    await sale.processRefunds(entities.map(({ entityID }) => entityID));
  });
  return noContent();
}
