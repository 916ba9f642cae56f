import { noContent } from "../../http/answer";
import type { Answer } from "../../http/answer";
import { optionalBoolean } from "../../http/fields";
import type { SandboxRequest } from "../../http/sandbox-request";
import { CommitmentBook } from "../commitments/commitment-book";
import { commitmentHistory } from "../commitments/history";
import type { Echo } from "../echo";
import { DEFAULT_TOKEN_LIFETIME } from "../../oauth/grant-store";
import { controlBody } from "../../control/control-body";
import { onChain } from "./on-chain";

/**
 * POST /sandbox/reset: as just started, the chain too. Users stay connected unless `{ "grants": true }`; registered
 * redirect URIs stay in any case, or an app that attached to a running sandbox could not connect any more.
 */
export async function reset(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const withGrants = optionalBoolean(controlBody(request, ["grants"]), "grants") ?? false;
  echo.faults.clear();
  echo.log.clear();
  echo.purchases.clear();
  echo.grants.tokenLifetime = DEFAULT_TOKEN_LIFETIME;
  if (withGrants) echo.grants.revokeEverything();
  echo.commitments = new CommitmentBook(commitmentHistory(echo.now()));
  echo.listing.reset();
  if (echo.chain.rpcUrl !== undefined) await resetSale(echo);
  return noContent();
}

/** POST /sandbox/chain/reset: a fresh chain at wall time, on which nobody has committed and every wallet is free again. */
export async function resetChain(echo: Echo, request: SandboxRequest): Promise<Answer> {
  controlBody(request, []);
  await resetSale(echo);
  return noContent();
}

async function resetSale(echo: Echo): Promise<void> {
  await onChain(echo, (control) => control.reset());
  echo.anchor.restart();
  echo.listing.forget();
}
