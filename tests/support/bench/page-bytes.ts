import { gzipSync } from "node:zlib";
import { chromium, type Page } from "@playwright/test";
import { findBrowser } from "@/scripts/find-browser";
import { HttpBrowser } from "@/tests/support/app/http-browser";
import { connectPerson, type BenchSite } from "@/tests/support/bench/bench-site";
import type { Figure } from "@/tests/support/bench/figures";

/** What one first load of a page takes over the network, in bytes: text as gzip makes it, fonts as they are. */
export interface PageBytes {
  document: number;
  scripts: number;
  fonts: number;
}

/** The kinds of resources that are counted. */
const COUNTED: Readonly<Record<string, keyof PageBytes>> = { document: "document", script: "scripts", font: "fonts" };

/** Loads a page and counts until nothing more comes by itself. */
async function loadBytes(page: Page, url: string): Promise<PageBytes> {
  const bytes: PageBytes = { document: 0, scripts: 0, fonts: 0 };
  const pending: Promise<void>[] = [];
  page.on("response", (response) => {
    const kind = COUNTED[response.request().resourceType()];
    if (!kind || response.status() !== 200) return;
    const add = (body: Buffer) => void (bytes[kind] += kind === "fonts" ? body.length : gzipSync(body).length);
    pending.push(response.body().then(add));
  });
  await page.goto(url, { waitUntil: "networkidle" });
  await Promise.all(pending);
  return bytes;
}

/** What the pages of the app weigh for a visitor and for a connected person, and the empty page of the same Next. */
export async function measureBytes({ app }: BenchSite, emptyUrl: string): Promise<Figure[]> {
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ["--no-sandbox", "--disable-gpu"] });
  const load = async (url: string, cookies: readonly string[] = []) => {
    const context = await browser.newContext();
    const pairs = cookies.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const);
    if (pairs.length > 0) await context.addCookies(pairs.map(([name, value]) => ({ name, value, url })));
    const bytes = await loadBytes(await context.newPage(), url);
    await context.close();
    return bytes;
  };
  try {
    const person = new HttpBrowser();
    await connectPerson(person, app.url);
    const cookies = person.cookies.header(new URL(app.url)).split("; ");
    const [empty, signedOut, connected] = [await load(emptyUrl), await load(app.url), await load(app.url, cookies)];
    return bytesFigures(empty, signedOut, connected);
  } finally {
    await browser.close();
  }
}

function bytesFigures(empty: PageBytes, signedOut: PageBytes, connected: PageBytes): Figure[] {
  const kb = (what: string, bytes: number, goal?: Figure["goal"]): Figure => {
    return { what, unit: "kB", values: [bytes / 1_000], ...(goal && { goal }) };
  };
  const scripts = (what: string, page: PageBytes, most: number): Figure => {
    const ratio = { to: "the empty page", value: page.scripts / empty.scripts };
    return { ...kb(what, page.scripts), ratio, goal: { most } };
  };
  return [
    kb("scripts, the empty page of this Next", empty.scripts),
    scripts("scripts, signed out", signedOut, 1.15),
    scripts("scripts, connected", connected, 1.4),
    kb("document, signed out", signedOut.document, { most: 12 }),
    kb("document, connected", connected.document, { most: 16 }),
    kb("fonts, signed out", signedOut.fonts, { most: 60 }),
    kb("fonts, connected", connected.fonts, { most: 60 }),
  ];
}
