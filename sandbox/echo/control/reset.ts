import { noContent } from "../../http/answer";
import type { Answer } from "../../http/answer";
import { optionalBoolean } from "../../http/fields";
import type { SandboxRequest } from "../../http/sandbox-request";
import { CommitmentBook } from "../commitments/commitment-book";
import { commitmentHistory } from "../commitments/history";
import type { Echo } from "../echo";
import { DEFAULT_TOKEN_LIFETIME } from "../../oauth/grant-store";
import { controlBody } from "../../control/control-body";

/**
 * POST /sandbox/reset: as just started. Users stay connected unless `{ "grants": true }`; registered redirect URIs
 * stay in any case, or an app that attached to a running sandbox could not connect any more.
 */
export function reset(echo: Echo, request: SandboxRequest): Answer {
  const withGrants = optionalBoolean(controlBody(request, ["grants"]), "grants") ?? false;
  echo.faults.clear();
  echo.log.clear();
  echo.purchases.clear();
  echo.commitments = new CommitmentBook(commitmentHistory(echo.now()));
  echo.grants.tokenLifetime = DEFAULT_TOKEN_LIFETIME;
  if (withGrants) echo.grants.revokeEverything();
  return noContent();
}
