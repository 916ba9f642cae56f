import { json } from "../../http/answer";
import type { Answer } from "../../http/answer";
import type { ApiErrorCode } from "../../http/api-error";
import { ApiError } from "../../http/api-error";
import { invalidField, requireText } from "../../http/fields";
import { jsonBody } from "../../http/json-body";
import type { SandboxRequest } from "../../http/sandbox-request";
import type { Echo } from "../echo";
import type { Issued } from "../../oauth/grant-store";
import { isCodeVerifier } from "../../oauth/pkce";
import { fingerprint } from "../../oauth/secrets";

/** ExchangeAuthorizationCodeV2 (sonar.md 1.3). Throws ApiError 400 for a code that is not good, whatever the reason. */
export function exchangeAuthorizationCode(echo: Echo, request: SandboxRequest): Answer {
  const body = jsonBody(request);
  const code = requireText(body, "code");
  const verifier = requireText(body, "code_verifier");
  const redirectUri = requireText(body, "redirect_uri");
  if (!isCodeVerifier(verifier)) throw invalidField("code_verifier", "must be 43 to 128 unreserved characters");
  return tokenAnswer(request, echo.grants.redeemCode(code, verifier, redirectUri), "invalid_argument");
}

/**
 * RefreshAccessToken (sonar.md 1.4). An authorization header is neither needed nor looked at: sonar-core sends the
 * expiring token if it has one. Throws ApiError 401 for a refresh token that is not good.
 */
export function refreshAccessToken(echo: Echo, request: SandboxRequest): Answer {
  const refreshToken = requireText(jsonBody(request), "refresh_token");
  request.notes.token = fingerprint(refreshToken);
  return tokenAnswer(request, echo.grants.refresh(refreshToken), "unauthenticated");
}

function tokenAnswer(request: SandboxRequest, issued: Issued, refusal: ApiErrorCode): Answer {
  if (!issued.ok) throw new ApiError(refusal, issued.reason, { details: { error: "invalid_grant" } });
  request.notes.persona = issued.personaId;
  return json(issued.tokens);
}
