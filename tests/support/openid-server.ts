import { once } from "node:events";
import { createServer } from "node:http";
import Provider, { type Configuration } from "oidc-provider";
import { HttpBrowser, redirectOf } from "@/tests/support/http-browser";

/** How an app is registered with the server. */
export interface OpenIdClient {
  clientId: string;
  clientSecret: string;
  clientAuth: "basic" | "post";
  redirectUri: string;
}

/** A certified OpenID provider that is not of our making, on 127.0.0.1. */
export interface OpenIdServer {
  issuer: string;
  /** How often its token endpoint was asked. */
  tokenRequests(): number;
  close(): Promise<void>;
}

function configuration({ clientId, clientSecret, clientAuth, redirectUri }: OpenIdClient): Configuration {
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        response_types: ["code"],
        grant_types: ["authorization_code", "refresh_token"],
        token_endpoint_auth_method: `client_secret_${clientAuth}`,
      },
    ],
    features: { revocation: { enabled: true } },
    pkce: { required: () => true },
    issueRefreshToken: () => Promise.resolve(true),
    rotateRefreshToken: true,
    claims: { openid: ["sub"], email: ["email"] },
    cookies: { keys: ["a key of this test"] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, email: `${sub}@example.com` }),
    }),
  };
}

/** Starts the server with one registered app. */
export async function startOpenIdServer(client: OpenIdClient): Promise<OpenIdServer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port");
  const issuer = `http://127.0.0.1:${address.port}`;
  const answer = new Provider(issuer, configuration(client)).callback();
  let asked = 0;
  server.on("request", (request, response) => {
    if (request.url === "/token") asked += 1;
    void answer(request, response);
  });
  const close = async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { issuer, tokenRequests: () => asked, close };
}

async function nextStop(browser: HttpBrowser, response: Response): Promise<URL> {
  const target = redirectOf(response);
  if (!target) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return target.pathname.startsWith("/auth/") ? nextStop(browser, await browser.get(target)) : target;
}

/** Goes through the server's own pages as "ada": signs in, and consents or not. Returns where the browser is sent then. */
export async function decide(authorizeUrl: URL, decision: "approve" | "deny" = "approve"): Promise<URL> {
  const browser = new HttpBrowser();
  const signIn = await nextStop(browser, await browser.get(authorizeUrl));
  if (decision === "deny") return nextStop(browser, await browser.get(`${signIn.href}/abort`));
  const consent = await nextStop(
    browser,
    await browser.submit(signIn, { prompt: "login", login: "ada", password: "any" }),
  );
  return nextStop(browser, await browser.submit(consent, { prompt: "consent" }));
}
