import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { startApp } from "@/tests/support/app/app-process";
import { HttpBrowser, signIn } from "@/tests/support/app/http-browser";
import { freePort } from "@/tests/support/local-server";

const LIMITS = {
  RATE_CONNECT_PER_ADDRESS_PER_MINUTE: "3",
  RATE_CALLBACK_PER_ADDRESS_PER_MINUTE: "3",
  RATE_SIGN_IN_PER_MINUTE: "1000",
};

/** If a new minute begins in between, twice as many as the limit are let through. */
const TRIES = 10;
const AT_MOST = 6;

let bench: AppBench;

beforeAll(async () => {
  bench = await openAppBench(LIMITS);
});

afterAll(() => bench.close());

/** The answers to one request after the other. */
async function answers(ask: (nth: number) => Promise<Response>): Promise<Response[]> {
  const all: Response[] = [];
  for (let nth = 0; nth < TRIES; nth += 1) all.push(await ask(nth));
  return all;
}

function isLimited({ status, headers }: Response): boolean {
  const seconds = Number(headers.get("retry-after"));
  return status === 429 && seconds >= 1 && seconds <= 60;
}

/** The first ones are let through, and all after the limit refused. */
function expectLimit(all: readonly Response[]): void {
  const refused = all.map(isLimited);
  expect(refused[0], "the first one").toBe(false);
  expect(refused.filter((limited) => !limited).length).toBeLessThanOrEqual(AT_MOST);
}

async function connectAsNewUser(address: string, url = bench.app.url): Promise<Response> {
  const browser = new HttpBrowser(address);
  await signIn(browser, url);
  return browser.submit(new URL("/auth/connect/sonar", url));
}

describe("a network address", () => {
  it("begins a limited number of connections a minute, however many new users it makes", async () => {
    expectLimit(await answers(() => connectAsNewUser("192.0.2.1")));
    expect(isLimited(await connectAsNewUser("192.0.2.2")), "another address").toBe(false);
  });

  it.each(["/oauth/callback", "/oauth/callback/sonar", "/oauth/callback/unknown"])(
    "tries a limited number of states a minute at %s",
    async (path) => {
      const user = await bench.signedIn();
      const cookie = user.browser.cookies.header(new URL(bench.app.url));
      const address = `192.0.2.${3 + path.length}`;
      const all = await answers((nth) =>
        new HttpBrowser(address).send(new URL(`${path}?code=c&state=guess-${nth}`, bench.app.url), {
          headers: { Cookie: cookie },
        }),
      );
      expectLimit(all);
    },
  );

  it("counts a /48 of IPv6 as one that may be a town", async () => {
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, nth) => connectAsNewUser(`2001:db8:9:${nth.toString(16)}::1`)),
    );
    // Four times the limit of a single network, in at most two minutes.
    expect(all.filter((answer) => !isLimited(answer)).length).toBeLessThanOrEqual(24);
  });

  it("ends on the page that explains the refusal, without scripts too", async () => {
    const refused = (await answers(() => connectAsNewUser("192.0.2.9"))).find(isLimited);
    expect(refused?.headers.get("cache-control")).toBe("no-store");
    expect(refused?.headers.get("content-security-policy")).toContain("default-src 'self'");
    const page = await refused?.text();
    const [, url = ""] = /^0; url=(.+)$/.exec(refused?.headers.get("refresh") ?? "") ?? [];
    expect(url).toBe(`${bench.app.url}/oauth/error?code=api%2Frate_limited`);
    expect(page).toContain(`<a href="${url}">`);
    expect(page).toContain("Wait a minute and try again.");
    const explained = await fetch(url);
    expect(await explained.text()).toContain("Too many requests in a short time.");
  });
});

describe("what a visitor writes into X-Forwarded-For", () => {
  async function refusedWith(proxies: string, forwarded: (nth: number) => string): Promise<number> {
    const env = { ...bench.env, RATE_SIGN_IN_PER_MINUTE: "3", TRUSTED_PROXIES: proxies };
    const app = await startApp({ port: await freePort(), env });
    const signingIn = (nth: number) => new HttpBrowser(forwarded(nth)).submit(new URL("/auth/sign-in", app.url));
    const all = await answers(signingIn).finally(() => app.stop());
    return all.filter(isLimited).length;
  }

  it("does not matter without a proxy", async () => {
    expect(await refusedWith("0", (nth) => `198.51.100.${nth}`)).toBeGreaterThanOrEqual(TRIES - AT_MOST);
  });

  it("does not matter behind two proxies, of which the outer one names the visitor", async () => {
    const attack = (nth: number) => `198.51.100.${nth}, 192.0.2.77, 10.0.0.1`;
    expect(await refusedWith("2", attack)).toBeGreaterThanOrEqual(TRIES - AT_MOST);
    const many = (nth: number) => `192.0.2.${100 + nth}, 10.0.0.1`;
    expect(await refusedWith("2", many), "visitors of the same two proxies").toBe(0);
  });
});
