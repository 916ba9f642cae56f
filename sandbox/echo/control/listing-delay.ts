import { json } from "../../http/answer";
import type { Answer } from "../../http/answer";
import { requireInteger } from "../../http/fields";
import type { SandboxRequest } from "../../http/sandbox-request";
import type { Echo } from "../echo";
import { controlBody } from "../../control/control-body";

const LONGEST_DELAY = 24 * 60 * 60;

/** PUT /sandbox/listing-delay `{ seconds }`: how far the listed commitments are behind the chain; 0: not at all. */
export function setListingDelay(echo: Echo, request: SandboxRequest): Answer {
  const seconds = requireInteger(controlBody(request, ["seconds"]), "seconds", 0, LONGEST_DELAY);
  echo.listing.delay = seconds;
  return json({ seconds });
}
