import { json } from "../http/answer";
import type { Answer } from "../http/answer";
import type { SandboxRequest } from "../http/sandbox-request";
import type { Issued, TokenAnswer } from "../oauth/grant-store";
import { fingerprint } from "../oauth/secrets";
import { clientRequest, requireField } from "./client-request";
import type { ClientFields } from "./client-request";
import { OAuthError } from "./oauth-error";
import type { Habits, Provider } from "./provider";

/** What a provider adds to its answers, e.g. an id token. */
export type MoreTokens = (issued: { accountId: string; scope: string }) => object;

/** POST of the token endpoint (RFC 6749 sections 4.1.3 and 6). Throws OAuthError. */
export function tokenEndpoint(provider: Provider, request: SandboxRequest, more: MoreTokens = () => ({})): Answer {
  const fields = clientRequest(provider.spec, request);
  const grantType = requireField(fields, "grant_type");
  request.notes.grantType = grantType.slice(0, 40);
  const issued = issue(provider, request, grantType, fields);
  if (!issued.ok) throw new OAuthError("invalid_grant", issued.reason);
  request.notes.persona = issued.personaId;
  const { tokens } = issued;
  const extra = more({ accountId: issued.personaId, scope: tokens.scope ?? "" });
  return json({ ...byHabit(tokens, provider.habits), ...extra });
}

function issue({ grants }: Provider, request: SandboxRequest, grantType: string, fields: ClientFields): Issued {
  switch (grantType) {
    case "authorization_code": {
      const verifier = fields.get("code_verifier") ?? "";
      return grants.redeemCode(requireField(fields, "code"), verifier, requireField(fields, "redirect_uri"));
    }
    case "refresh_token": {
      const refreshToken = requireField(fields, "refresh_token");
      request.notes.token = fingerprint(refreshToken);
      return grants.refresh(refreshToken);
    }
    default:
      throw new OAuthError("unsupported_grant_type", "grant_type must be authorization_code or refresh_token");
  }
}

function byHabit(tokens: TokenAnswer, { refreshTokens, expiresIn }: Habits): Partial<TokenAnswer> {
  const { refresh_token, expires_in, ...rest } = tokens;
  return {
    ...rest,
    ...(refreshTokens && refresh_token !== undefined && { refresh_token }),
    ...(expiresIn && { expires_in }),
  };
}
