import "server-only";
import { randomBytes } from "node:crypto";
import { buildAuthorizationUrl, createClient, generatePKCEParams, type TokenResponse } from "@echoxyz/sonar-core";
import type { Deadline } from "@/lib/http/deadline";
import { upstreamFetch } from "@/lib/http/upstream";
import type { OAuthAdapter, Provider, TokenSet } from "@/lib/oauth/provider";
import { toTokenSet } from "@/lib/oauth/token-endpoint";
import { fail, success, type Result } from "@/lib/result";
import { databaseNow } from "@/lib/stores/database-clock";
import { sonarResult } from "@/lib/sonar/refusals";

/** This app's registration with Sonar, and Sonar's addresses. */
export interface SonarSettings {
  clientUUID: string;
  saleUUID: string;
  redirectUri: string;
  apiUrl: string;
  frontendUrl: string;
}

/** The address of one of Sonar's pages. sonar-core ignores the path of its frontend's address, which a public demo has. */
export function sonarPage({ frontendUrl }: Pick<SonarSettings, "frontendUrl">, path: string): string {
  return new URL(frontendUrl.replace(/\/$/, "") + path).href;
}

/** sonar-core silently drops a token that is not a JWT with an `exp`, and would then make calls without one. */
function isAcceptedBySonarCore(accessToken: string): boolean {
  const client = createClient();
  client.setToken(accessToken);
  return client.getToken() === accessToken;
}

function sonarTokens(answer: Result<TokenResponse>, now: () => number, oldRefreshToken?: string): Result<TokenSet> {
  if (!answer.ok) return answer;
  const tokens = toTokenSet(answer.data, now, oldRefreshToken);
  return tokens.ok && !isAcceptedBySonarCore(tokens.data.accessToken) ? fail("oauth/invalid_response") : tokens;
}

function sonarAdapter(sonar: SonarSettings, now: () => number): OAuthAdapter {
  // Each step has a new client, because sonar-core keeps the token inside the client and would send it with a refresh. None of these
  // requests is repeated, because a code and a refresh token can be used once.
  const client = (step: "exchange" | "refresh", deadline: Deadline) =>
    createClient({ apiURL: sonar.apiUrl, fetch: upstreamFetch(`oauth.${step}`, deadline, () => false) });
  return {
    async begin(redirectUri) {
      const { codeVerifier, codeChallenge } = await generatePKCEParams();
      // 256 random bits: sonar-core's state is a UUID, which has fewer random bits than the required 128 (RFC 6749 section 10.10).
      const state = randomBytes(32).toString("base64url");
      const { clientUUID, frontendUrl: frontendURL } = sonar;
      const url = buildAuthorizationUrl({ clientUUID, redirectURI: redirectUri, state, codeChallenge, frontendURL });
      return success({ url: sonarPage(sonar, url.pathname + url.search), state, codeVerifier });
    },
    async exchange({ callback, codeVerifier = "", redirectUri }, deadline) {
      const exchange = { code: callback.get("code") ?? "", codeVerifier, redirectURI: redirectUri };
      return sonarTokens(
        await sonarResult("exchange", () => client("exchange", deadline).exchangeAuthorizationCode(exchange)),
        now,
      );
    },
    async refresh(refreshToken, deadline) {
      const answer = await sonarResult("refresh", () => client("refresh", deadline).refreshToken({ refreshToken }));
      return sonarTokens(answer, now, refreshToken);
    },
  };
}

/** Sonar, Echo's token-sale platform. It has no revocation endpoint and sends no `iss`. */
export function sonarProvider(sonar: SonarSettings, now: () => number = databaseNow): Provider {
  return {
    id: "sonar",
    name: "Sonar",
    redirectUri: sonar.redirectUri,
    oauth: sonarAdapter(sonar, now),
  };
}
