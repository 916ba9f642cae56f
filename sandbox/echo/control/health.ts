import { json } from "../../http/answer";
import type { Answer } from "../../http/answer";
import { SANDBOX_SALE_UUID } from "../../constants";
import type { Echo } from "../echo";
import { PERSONAS } from "../personas/all-personas";

/** GET /sandbox/health: says that this is a sandbox and whose. */
export function health(echo: Echo): Answer {
  return json({
    sandbox: "sonar",
    clientId: echo.client.clientId,
    saleUuid: SANDBOX_SALE_UUID,
    redirectUris: echo.client.redirectUris,
    ...(echo.chain.rpcUrl !== undefined && { chainRpcUrl: echo.chain.rpcUrl }),
    tokenLifetimeSeconds: echo.grants.tokenLifetime,
    personas: PERSONAS.map(({ id, name }) => ({ id, name })),
  });
}
