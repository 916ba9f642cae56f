import autocannon from "autocannon";
import { SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import type { AppProcess } from "@/tests/support/app/app-process";
import { actionId } from "@/tests/support/app/call-action";
import { HttpBrowser } from "@/tests/support/app/http-browser";
import { connectPerson, onlyConnection, type BenchSite } from "@/tests/support/bench/bench-site";
import type { Figure } from "@/tests/support/bench/figures";

/** One thing to ask for again and again. */
export interface Load {
  what: string;
  url: string;
  method?: "GET" | "POST";
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** A part of every good answer: an error page is quick, too. */
  expect: string;
}

/** How long each load is measured, after a warm-up, and how often. */
export interface Patience {
  seconds: number;
  rounds: number;
}

/** One round. Rejects if any answer is not the expected one. */
async function round({ what, url, method = "GET", headers, body, expect }: Load, connections: number, seconds: number) {
  const instance = autocannon({
    url,
    connections,
    duration: seconds,
    method,
    headers: { ...headers },
    ...(body !== undefined && { body }),
    verifyBody: (answer) => String(answer).includes(expect),
  });
  const result = await instance;
  // Answers that the end of the round has cut off count as timeouts of no one.
  const wrong = result.non2xx + result.mismatches + result.errors;
  if (wrong > 0) throw new Error(`${what}: ${wrong} of ${result.requests.total} answers were wrong`);
  return result.requests.total / result.duration;
}

/** Requests per second of several loads. They take turns, so that a slow minute of the machine falls on all of them. */
export async function measureLoads(
  loads: readonly Load[],
  connections: number,
  { seconds, rounds }: Patience,
): Promise<Figure[]> {
  const values = loads.map((): number[] => []);
  for (const load of loads) await round(load, connections, Math.min(seconds, 3));
  for (let count = 0; count < rounds; count += 1) {
    for (const [index, load] of loads.entries()) values[index]?.push(await round(load, connections, seconds));
  }
  return loads.map(({ what }, index) => ({ what, unit: "req/s", values: values[index] ?? [] }));
}

/** A floor's action on its own page, as a browser without scripts would find it. */
async function floorAction(floor: AppProcess): Promise<string> {
  const page = await (await fetch(`${floor.url}/fetch`)).text();
  const [, id] = /\$ACTION_ID_([0-9a-f]+)/.exec(page) ?? [];
  if (id === undefined) throw new Error("The floor's page names no action");
  return id;
}

function actionLoad(what: string, url: string, id: string, cookie: string, expect: string): Load {
  const headers = { Accept: "text/x-component", "Content-Type": "text/plain;charset=UTF-8", "Next-Action": id };
  return {
    what,
    url,
    method: "POST",
    headers: { ...headers, Origin: new URL(url).origin, Cookie: cookie },
    body: "[{}]",
    expect,
  };
}

/** A connected person's cookies, and the environment in which the floor's action fetches what the app's own fetches for them. */
export async function connectedCookie(site: BenchSite): Promise<{ cookie: string; floorEnv: Record<string, string> }> {
  const person = new HttpBrowser();
  await connectPerson(person, site.app.url);
  const cookie = person.cookies.header(new URL(site.app.url));
  const floorEnv = {
    ...site.env,
    APP_URL: site.app.url,
    FLOOR_UPSTREAM: `${site.upstream.origin}/externalapi.ListAvailableEntities`,
    FLOOR_ACCESS_TOKEN: await onlyConnection(site, ({ tokens }) => Promise.resolve(tokens.accessToken)),
    FLOOR_BODY: JSON.stringify({ SaleUUID: SANDBOX_SALE_UUID }),
  };
  return { cookie, floorEnv };
}

/** The loads of a site and of its floors, for one connected person and for visitors. */
export async function siteLoads(url: string, floor: AppProcess, cookie: string) {
  const page = (what: string, address: string, expect: string, as = ""): Load => {
    return { what, url: address, headers: { Accept: "text/html", ...(as && { Cookie: as }) }, expect };
  };
  return {
    action: actionLoad("getEntities", `${url}/`, actionId("getEntities"), cookie, "EntityID"),
    bareAction: actionLoad(
      "bare action that only fetches",
      `${floor.url}/fetch`,
      await floorAction(floor),
      "",
      "EntityID",
    ),
    signedOut: page("home, signed out", `${url}/`, "Sign in"),
    connected: page("home, connected", `${url}/`, "Your participation", cookie),
    health: { what: "GET /api/health", url: `${url}/api/health`, expect: "live" },
    bareSession: page("bare page with the session read", `${floor.url}/session`, "Signed in", cookie),
    empty: page("empty static page", `${floor.url}/`, "Nothing."),
  };
}
