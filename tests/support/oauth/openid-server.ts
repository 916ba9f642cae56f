import { createPrivateKey, generateKeyPairSync, sign, type JsonWebKey } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import Provider, { type Configuration } from "oidc-provider";
import { z } from "zod";
import { HttpBrowser, redirectOf } from "@/tests/support/app/http-browser";

/** An app as it is registered with the server. */
export interface OpenIdClient {
  clientId: string;
  clientSecret: string;
  clientAuth: "basic" | "post";
  redirectUri: string;
}

type Claims = Record<string, unknown>;

/** Faults that a test gives the server. */
export interface OpenIdFaults {
  /** Changes the id token's claims before it is signed again. */
  claims?: (claims: Claims) => Claims;
  /** Signs the id tokens in place of the server's own key. */
  key?: JsonWebKey;
  /** Receives the address that the browser would return to, and decides where it goes. */
  intercept?: (returnTo: URL) => string;
  /** The token endpoint ends every connection without an answer. */
  down?: boolean;
}

/** A certified OpenID provider by others (oidc-provider), on 127.0.0.1. */
export interface OpenIdServer {
  issuer: string;
  /** Changed at any time; empty: the server does as its authors meant. */
  faults: OpenIdFaults;
  /** Requests to its token endpoint so far. */
  tokenRequests(): number;
  close(): Promise<void>;
}

const KEY_ID = "a key of this test";

/** A private key for id tokens. */
export function signingKey(): JsonWebKey {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  return { ...privateKey.export({ format: "jwk" }), kid: KEY_ID, use: "sig", alg: "RS256" };
}

function configuration(client: OpenIdClient, key: JsonWebKey): Configuration {
  return {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [client.redirectUri],
        response_types: ["code"],
        grant_types: ["authorization_code", "refresh_token"],
        token_endpoint_auth_method: `client_secret_${client.clientAuth}`,
      },
    ],
    jwks: { keys: [{ ...key, kty: "RSA" }] },
    features: { revocation: { enabled: true } },
    pkce: { required: () => true },
    issueRefreshToken: () => Promise.resolve(true),
    rotateRefreshToken: true,
    claims: { openid: ["sub"], email: ["email"], profile: ["name"] },
    cookies: { keys: ["a key of this test"] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, name: nameOf(sub), email: `${sub}@example.com` }),
    }),
  };
}

/** The name of an account, which its user chooses while signing in. */
export function nameOf(account: string): string {
  return `${account.slice(0, 1).toUpperCase()}${account.slice(1)} Example`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** The id token with other claims, signed with `key`. */
function resigned(idToken: string, change: (claims: Claims) => Claims, key: JsonWebKey): string {
  const [header = "", body = ""] = idToken.split(".");
  const claims = z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.from(body, "base64url").toString()));
  const signed = `${header}.${encode(change(claims))}`;
  const privateKey = createPrivateKey({ key, format: "jwk" });
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}

const tokenAnswer = z.looseObject({ id_token: z.string().optional() });

/** Puts the faults between the server and its answer to one request. */
function applyFaults(
  faults: OpenIdFaults,
  ownKey: JsonWebKey,
  redirectUri: string,
  [request, response]: Exchange,
): void {
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) => {
    const returns = name.toLowerCase() === "location" && String(value).startsWith(redirectUri);
    return setHeader(name, returns && faults.intercept ? faults.intercept(new URL(String(value))) : value);
  };
  if (request.url !== "/token" || !(faults.claims ?? faults.key)) return;
  const end = response.end.bind(response);
  const endChanged = (body?: unknown) => {
    const answer = tokenAnswer.parse(JSON.parse(String(body)));
    const idToken =
      answer.id_token && resigned(answer.id_token, faults.claims ?? ((same) => same), faults.key ?? ownKey);
    const changed = JSON.stringify({ ...answer, id_token: idToken });
    setHeader("Content-Length", Buffer.byteLength(changed));
    return end(changed);
  };
  Object.assign(response, { end: endChanged });
}

type Exchange = [IncomingMessage, ServerResponse];

/** Starts the server with one registered app. */
export async function startOpenIdServer(client: OpenIdClient): Promise<OpenIdServer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port");
  const issuer = `http://127.0.0.1:${address.port}`;
  const key = signingKey();
  const answer = new Provider(issuer, configuration(client, key)).callback();
  let asked = 0;
  const result: OpenIdServer = {
    issuer,
    faults: {},
    tokenRequests: () => asked,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  server.on("request", (request, response) => {
    if (request.url === "/token") asked += 1;
    if (request.url === "/token" && result.faults.down) return request.destroy();
    applyFaults(result.faults, key, client.redirectUri, [request, response]);
    void answer(request, response);
  });
  return result;
}

async function nextStop(browser: HttpBrowser, response: Response): Promise<URL> {
  const target = redirectOf(response);
  if (!target) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  // The server's own steps between its pages; a callback of the app may have a path like theirs.
  const isStep = target.origin === new URL(response.url).origin && target.pathname.startsWith("/auth/");
  return isStep ? nextStop(browser, await browser.get(target)) : target;
}

/** Goes through the server's own pages: signs in with an account, and consents or not. Returns where the browser is sent then. */
export async function decide(
  authorizeUrl: URL,
  decision: "approve" | "deny" = "approve",
  account = "ada",
): Promise<URL> {
  const browser = new HttpBrowser();
  const signIn = await nextStop(browser, await browser.get(authorizeUrl));
  if (decision === "deny") return nextStop(browser, await browser.get(`${signIn.href}/abort`));
  const consent = await nextStop(
    browser,
    await browser.submit(signIn, { prompt: "login", login: account, password: "any" }),
  );
  return nextStop(browser, await browser.submit(consent, { prompt: "consent" }));
}
