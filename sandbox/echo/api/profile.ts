import { json } from "../../http/answer";
import type { Answer } from "../../http/answer";
import { jsonBody } from "../../http/json-body";
import type { SandboxRequest } from "../../http/sandbox-request";
import type { Echo } from "../echo";
import { authenticate } from "./authenticate";

/** MyProfile: the signed-in user, with the email address only where its scope was granted. */
export function myProfile(echo: Echo, request: SandboxRequest): Answer {
  const { persona } = authenticate(echo, request);
  jsonBody(request);
  return json(persona.profile);
}

/** ReadEntityInvestmentHistory: the user's private-group investments. */
export function investmentHistory(echo: Echo, request: SandboxRequest): Answer {
  const { persona } = authenticate(echo, request);
  jsonBody(request);
  return json({ Investments: persona.investments });
}
