import { json } from "../../http/answer";
import type { Answer } from "../../http/answer";
import { jsonBody } from "../../http/json-body";
import type { SandboxRequest } from "../../http/sandbox-request";
import type { Echo } from "../echo";
import { requireSale } from "./request-fields";

/** ReadCommitmentData: public, so no token is looked at. */
export async function readCommitmentData(echo: Echo, request: SandboxRequest): Promise<Answer> {
  requireSale(jsonBody(request));
  return json(echo.commitments.read(await echo.listing.read()));
}
