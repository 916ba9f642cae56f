"use server";

import { buildAuthorizationUrl, createClient, generatePKCEParams } from "@echoxyz/sonar-core";
import { getEnv } from "@/lib/config/env";
import { setPKCEVerifier, takePKCEVerifier } from "@/lib/pkce-store";
import { getSession } from "@/lib/session";
import { getTokenStore, SonarTokens } from "@/lib/token-store";

/** A flow of a site's own over the two stores. This app's flow (lib/oauth/flow.ts) does more: it checks who answers, and never throws. */
export async function getSonarAuthorizationUrl() {
  const session = await getSession();
  if (!session) return { error: "Unauthorized" };
  const { codeVerifier, codeChallenge, state } = await generatePKCEParams();
  await setPKCEVerifier(state, session.userId, codeVerifier);
  const { clientUUID, redirectUri, frontendUrl } = getEnv().sonar;
  const url = buildAuthorizationUrl({
    clientUUID,
    redirectURI: redirectUri,
    state,
    codeChallenge,
    frontendURL: frontendUrl,
  });
  return { url: url.toString(), state };
}

export async function handleSonarCallback(code: string, state: string): Promise<{ success: true } | { error: string }> {
  const session = await getSession();
  if (!session) return { error: "Unauthorized" };
  const stateData = await takePKCEVerifier(state, session.userId);
  if (!stateData) return { error: "Invalid state" };
  const { apiUrl, redirectUri } = getEnv().sonar;
  const tokenData = await createClient({ apiURL: apiUrl }).exchangeAuthorizationCode({
    code,
    codeVerifier: stateData.codeVerifier,
    redirectURI: redirectUri,
  });
  const sonarTokens: SonarTokens = {
    accessToken: tokenData.access_token,
    refreshToken: tokenData.refresh_token,
    expiresAt: Math.floor(Date.now() / 1_000) + tokenData.expires_in,
  };
  await (await getTokenStore()).setTokens(session.userId, sonarTokens);
  return { success: true };
}

export async function getSessionStatus() {
  const session = await getSession();
  if (!session) return { authenticated: false, sonarConnected: false };
  const tokens = await (await getTokenStore()).getTokens(session.userId);
  return { authenticated: true, sonarConnected: !!tokens };
}

export async function disconnectSonar() {
  const session = await getSession();
  if (!session) return { error: "Unauthorized" };
  await (await getTokenStore()).clearTokens(session.userId);
  return { success: true };
}
