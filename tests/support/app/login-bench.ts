import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { appUrl } from "@/tests/support/app/app-process";
import { redirectOf, type HttpBrowser } from "@/tests/support/app/http-browser";
import { freePort } from "@/tests/support/local-server";
import { decide, startOpenIdServer, type OpenIdServer } from "@/tests/support/oauth/openid-server";

/** The app's registration at the identity provider. The secret has characters that HTTP Basic must encode. */
export const LOGIN_CLIENT = { clientId: "the-sale", clientSecret: "s3cr:et/+% ~", clientAuth: "basic" } as const;

/** The production build with an identity provider, at which a person has the same id in every browser. */
export interface LoginBench {
  provider: OpenIdServer;
  bench: AppBench;
  close(): Promise<void>;
}

/** Starts both. DEMO_SIGN_IN stays on: this flow has a route of its own and does not depend on what the sign-in button does in a fork. */
export async function openLoginBench(): Promise<LoginBench> {
  const port = await freePort();
  const provider = await startOpenIdServer({ ...LOGIN_CLIENT, redirectUri: `${appUrl(port)}/auth/login/callback` });
  const login = { LOGIN_ISSUER: provider.issuer, LOGIN_CLIENT_ID: LOGIN_CLIENT.clientId };
  const bench = await openAppBench({ ...login, LOGIN_CLIENT_SECRET: LOGIN_CLIENT.clientSecret }, port);
  const close = async () => {
    await bench.close();
    await provider.close();
  };
  return { provider, bench, close };
}

/** Signs a browser in at the identity provider, as an account of its. */
export async function signInAt({ bench }: LoginBench, browser: HttpBrowser, account: string): Promise<void> {
  const target = redirectOf(await browser.submit(new URL("/auth/login", bench.app.url)));
  if (!target) throw new Error("Signing in led nowhere");
  await browser.get(await decide(target, "approve", account));
}
