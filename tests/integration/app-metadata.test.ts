import { beforeAll, describe, expect, it } from "vitest";
import { site } from "@/lib/config/site";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";

describe("a site that is live", () => {
  let bench: AppBench;

  beforeAll(async () => {
    bench = await openAppBench();
    return () => bench.close();
  });

  async function documentOf(path: string): Promise<string> {
    const user = await bench.signedIn();
    return (await user.browser.get(`${bench.app.url}${path}`)).text();
  }

  it("is called by the sale's name, and each further page by its own and the sale's", async () => {
    expect(await documentOf("/")).toContain(`<title>${site.name}</title>`);
    expect(await documentOf("/connections")).toContain(`<title>Connections · ${site.name}</title>`);
    expect(await documentOf("/nowhere")).toContain(`<title>Not found · ${site.name}</title>`);
  });

  it("tells search engines and shared links its own address, whatever the address it was asked at", async () => {
    const page = await documentOf("/connections?from=elsewhere");
    expect(page).toContain(`<link rel="canonical" href="${bench.app.url}/connections"/>`);
    expect(page).toContain(`<meta property="og:site_name" content="${site.name}"/>`);
    expect(page).toContain(`<meta property="og:title" content="Connections · ${site.name}"/>`);
    expect(page).toContain(`<meta property="og:locale" content="${site.locale.replace("-", "_")}"/>`);
    expect(page).toContain('<meta name="twitter:card" content="summary_large_image"/>');
    expect(page).toContain(`<html lang="${site.locale}"`);
  });

  it("has icons, and a picture for shared links at its own address", async () => {
    const page = await documentOf("/");
    const links = [/<link rel="icon" href="([^"]+)"/, /<link rel="apple-touch-icon" href="([^"]+)"/];
    const addresses = [...links, /<meta property="og:image" content="([^"]+)"/].map(
      (pattern) => pattern.exec(page)?.[1]?.replaceAll("&amp;", "&") ?? "",
    );
    expect(addresses[2]).toMatch(new RegExp(`^${bench.app.url}/`));
    for (const address of addresses) {
      const response = await fetch(new URL(address, bench.app.url));
      expect([address, response.status, response.headers.get("content-type")]).toEqual([
        address,
        200,
        expect.stringMatching(/^image\//),
      ]);
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(0);
    }
  });

  it("may be listed, but for the page about a failed connection, which robots may read to learn that", async () => {
    expect(await documentOf("/")).not.toContain('name="robots"');
    expect(await documentOf("/oauth/error?code=oauth/access_denied")).toContain(
      '<meta name="robots" content="noindex"/>',
    );
    expect(await documentOf("/robots.txt")).not.toMatch(/Disallow: \/oauth/);
  });

  it("tells robots where its map is, and in it every page that everybody may see", async () => {
    const robots = await documentOf("/robots.txt");
    expect(robots).toMatch(/^Disallow: \/auth\/$/m);
    expect(robots).toContain(`Sitemap: ${bench.app.url}/sitemap.xml`);
    const listed = [...(await documentOf("/sitemap.xml")).matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, url = ""]) => url);
    const linked = [...site.navigation, ...site.legal].map(({ href }) => href).filter((href) => href.startsWith("/"));
    expect(listed.sort()).toEqual([...new Set(["/", ...linked])].map((path) => `${bench.app.url}${path}`).sort());
    for (const url of listed) expect([url, (await fetch(url)).status]).toEqual([url, 200]);
  });

  it("ends every page with the links of its terms, also for who is not signed in", async () => {
    const page = await (await fetch(bench.app.url)).text();
    for (const { href } of site.legal) expect(page).toContain(`href="${href}"`);
  });

  // A fork's own links may lead there.
  it.skipIf([...site.navigation, ...site.legal].some(({ href }) => href === "/connections"))(
    "without a provider beside Sonar leads nobody to the page of connections",
    async () => {
      expect(await documentOf("/")).not.toContain('href="/connections"');
    },
  );
});
