import { json } from "../../http/answer";
import type { Answer } from "../../http/answer";
import { invalidField, requireText } from "../../http/fields";
import type { SandboxRequest } from "../../http/sandbox-request";
import type { Echo } from "../echo";
import { controlBody } from "../../control/control-body";

/** PUT /sandbox/chain/rpc-url `{ rpcUrl }`: names the sale's chain to an Echo that knows none; answers the one in use. */
export function connectChain(echo: Echo, request: SandboxRequest): Answer {
  const rpcUrl = requireText(controlBody(request, ["rpcUrl"]), "rpcUrl");
  if (!URL.canParse(rpcUrl) || !/^https?:/i.test(rpcUrl)) throw invalidField("rpcUrl", "must be an http or https URL");
  echo.chain.connect(rpcUrl);
  return json({ rpcUrl: echo.chain.rpcUrl });
}
