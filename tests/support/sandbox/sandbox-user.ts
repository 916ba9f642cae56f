import { buildAuthorizationUrl, generatePKCEParams, SonarClient, type TokenResponse } from "@echoxyz/sonar-core";
import { SANDBOX_CLIENT_UUID } from "@/lib/config/sandbox";

/** The redirect URI that the tests of the sandbox register. */
export const REDIRECT_URI = "http://localhost:3000/oauth/callback";

/** Posts the consent form as the page does, without following the redirect. */
export function postConsent(authorizeUrl: URL, fields: Readonly<Record<string, string>>): Promise<Response> {
  const form = new URLSearchParams(authorizeUrl.search);
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return fetch(new URL(authorizeUrl.pathname, authorizeUrl), { method: "POST", body: form, redirect: "manual" });
}

/** Approves as a persona; returns the callback URL with its code and state. */
export async function approve(authorizeUrl: URL, persona = "ada"): Promise<URL> {
  const response = await postConsent(authorizeUrl, { persona, decision: "approve" });
  const location = response.headers.get("location");
  if (response.status !== 303 || location === null) throw new Error(`no redirect: ${response.status}`);
  return new URL(location);
}

/** A code that has not been exchanged, with the data that the exchange needs. */
export interface PendingCode {
  code: string;
  codeVerifier: string;
  redirectURI: string;
}

/** Approves as a persona and returns the code. */
export async function obtainCode(origin: string, persona = "ada", redirectURI = REDIRECT_URI): Promise<PendingCode> {
  const { codeVerifier, codeChallenge, state } = await generatePKCEParams();
  const clientUUID = SANDBOX_CLIENT_UUID;
  const url = buildAuthorizationUrl({ clientUUID, redirectURI, state, codeChallenge, frontendURL: origin });
  const callback = await approve(url, persona);
  return { code: callback.searchParams.get("code") ?? "", codeVerifier, redirectURI };
}

/** Connects as a persona. */
export async function obtainTokens(origin: string, persona = "ada"): Promise<TokenResponse> {
  return new SonarClient({ apiURL: origin }).exchangeAuthorizationCode(await obtainCode(origin, persona));
}

/** A connected sonar-core client. */
export async function connectedClient(origin: string, persona = "ada"): Promise<SonarClient> {
  const client = new SonarClient({ apiURL: origin });
  client.setToken((await obtainTokens(origin, persona)).access_token);
  return client;
}

/** Calls one of Echo's endpoints directly, for requests that sonar-core never sends. */
export function callEcho(
  origin: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fetch(origin + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: text,
  });
}

/** Calls one of the sandbox's control endpoints. */
export function control(origin: string, method: string, path: string, body?: unknown): Promise<Response> {
  const content =
    method === "GET" ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) };
  return fetch(`${origin}/sandbox/${path}`, { method, ...content });
}
