import { resolve } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "@playwright/test";
import { findBrowser } from "@/scripts/find-browser";
import { HttpBrowser, signIn } from "@/tests/support/app/http-browser";
import { connectPerson, type BenchSite } from "@/tests/support/bench/bench-site";
import { median, type Figure } from "@/tests/support/bench/figures";

/** How long the upstream takes for each of its answers (milliseconds). */
const LATENCIES = [0, 50, 150, 400];

/** What a page may cost beside the upstream's own time, as a multiple of what it costs with an upstream that answers at once. */
const ALLOWANCE = 1.2;

/** It is no TypeScript: tools that translate that name its functions by a helper, which no page has. */
const WATCH = resolve("tests/support/bench/watch-page.mjs");

/** A phone at the edge of its network. */
const SLOW_NETWORK = { latency: 400, throughput: (400 * 1_000) / 8 };

declare global {
  interface Window {
    /** Unix milliseconds at which each of these could first be seen, or used. */
    seen: Partial<Record<"entity" | "button" | "workingButton", number>>;
  }
}

async function newContext(browser: Browser, cookies: readonly { name: string; value: string }[], url: string) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript({ path: WATCH });
  if (cookies.length > 0) await context.addCookies(cookies.map((cookie) => ({ ...cookie, url })));
  return context;
}

function seen(page: Page, name: keyof Window["seen"]): Promise<number> {
  const ask = (wanted: keyof Window["seen"]) => window.seen[wanted];
  return page
    .waitForFunction(ask, name, { polling: 20 })
    .then((handle) => handle.jsonValue())
    .then(Number);
}

/** Milliseconds from the navigation to the entities. */
async function timeToEntities(context: BrowserContext, url: string): Promise<number> {
  const page = await context.newPage();
  const started = Date.now();
  await page.goto(url, { waitUntil: "commit" });
  const at = await seen(page, "entity");
  // Everything that the page loads belongs to its cache.
  await page.waitForLoadState("load");
  await page.close();
  return at - started;
}

function cookiesOf(person: HttpBrowser, url: string) {
  return person.cookies
    .header(new URL(url))
    .split("; ")
    .map((pair) => ({ name: pair.slice(0, pair.indexOf("=")), value: pair.slice(pair.indexOf("=") + 1) }));
}

/** A figure of each latency, with the goal that the first of them sets. `calls`: the upstream's answers in a row that the way needs. */
function withGoals(figures: readonly Figure[], calls: number): Figure[] {
  const own = median(figures[0]?.values ?? []);
  return figures.map((figure, index) => {
    return index === 0 ? figure : { ...figure, goal: { most: calls * (LATENCIES[index] ?? 0) + ALLOWANCE * own } };
  });
}

/** How soon a returning person who is connected sees their entities. */
async function returningPerson(browser: Browser, { app, upstream }: BenchSite, times: number): Promise<Figure[]> {
  const person = new HttpBrowser();
  await connectPerson(person, app.url);
  const cookies = cookiesOf(person, app.url);
  const [warm, cold]: [Figure[], Figure[]] = [[], []];
  for (const latencyMs of LATENCIES) {
    await upstream.tell({ latencyMs });
    const kept = await newContext(browser, cookies, app.url);
    for (let load = 0; load < 3; load += 1) await timeToEntities(kept, app.url);
    const [warmTimes, coldTimes]: [number[], number[]] = [[], []];
    for (let load = 0; load < times; load += 1) {
      warmTimes.push(await timeToEntities(kept, app.url));
      const fresh = await newContext(browser, cookies, app.url);
      coldTimes.push(await timeToEntities(fresh, app.url));
      await fresh.close();
    }
    await kept.close();
    warm.push({ what: `entities, warm cache, upstream +${latencyMs} ms`, unit: "ms", values: warmTimes });
    cold.push({ what: `entities, cold cache, upstream +${latencyMs} ms`, unit: "ms", values: coldTimes });
  }
  await upstream.tell({ latencyMs: 0 });
  return [...withGoals(warm, 1), ...withGoals(cold, 1)];
}

/** How soon a press of "Connect" leads to the entities, with a person who consents at once. */
async function connecting(browser: Browser, { app, upstream }: BenchSite, times: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const latencyMs of LATENCIES.slice(0, 2)) {
    await upstream.tell({ latencyMs });
    const values: number[] = [];
    const context = await newContext(browser, [], app.url);
    // The first one warms the cache.
    for (let time = -1; time < times; time += 1) {
      const person = new HttpBrowser();
      await signIn(person, app.url);
      await context.clearCookies();
      await context.addCookies(cookiesOf(person, app.url).map((cookie) => ({ ...cookie, url: app.url })));
      const page = await context.newPage();
      await page.goto(app.url);
      const connect = page
        .getByRole("main")
        .getByRole("button", { name: /^Connect/ })
        .first();
      await connect.waitFor();
      const started = Date.now();
      await connect.click();
      const at = await seen(page, "entity");
      if (time >= 0) values.push(at - started);
      await page.close();
    }
    await context.close();
    figures.push({ what: `press of Connect to entities, upstream +${latencyMs} ms`, unit: "ms", values });
  }
  await upstream.tell({ latencyMs: 0 });
  return withGoals(figures, 3);
}

/** When the first button of the page can be seen and used on a slow network. */
async function slowNetwork(browser: Browser, { app }: BenchSite, times: number): Promise<Figure[]> {
  const [visible, working]: [number[], number[]] = [[], []];
  for (let time = 0; time < times; time += 1) {
    const context = await newContext(browser, [], app.url);
    const page = await context.newPage();
    const { latency, throughput } = SLOW_NETWORK;
    const devtools = await context.newCDPSession(page);
    const limits = { offline: false, latency, downloadThroughput: throughput, uploadThroughput: throughput };
    await devtools.send("Network.emulateNetworkConditions", limits);
    const started = Date.now();
    await page.goto(app.url, { waitUntil: "commit" });
    visible.push((await seen(page, "button")) - started);
    working.push((await seen(page, "workingButton")) - started);
    await context.close();
  }
  return [
    { what: "first button visible, 400 kbit/s and 400 ms", unit: "ms", values: visible },
    { what: "first button working, 400 kbit/s and 400 ms", unit: "ms", values: working, goal: { most: 5_000 } },
  ];
}

/** What a person in a browser waits for. */
export async function measureFirstSecond(site: BenchSite, times: number): Promise<Figure[]> {
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ["--no-sandbox", "--disable-gpu"] });
  try {
    return [
      ...(await returningPerson(browser, site, times)),
      ...(await connecting(browser, site, times)),
      ...(await slowNetwork(browser, site, Math.ceil(times / 4))),
    ];
  } finally {
    await browser.close();
  }
}
