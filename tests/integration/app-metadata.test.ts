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
  });

  it("may be listed, but for the page about a failed connection, which robots may read to learn that", async () => {
    expect(await documentOf("/")).not.toContain('name="robots"');
    expect(await documentOf("/oauth/error?code=oauth/access_denied")).toContain(
      '<meta name="robots" content="noindex"/>',
    );
    expect(await documentOf("/robots.txt")).not.toMatch(/Disallow: \/oauth/);
  });

  it("without a provider beside Sonar leads nobody to the page of connections", async () => {
    expect(await documentOf("/")).not.toContain('href="/connections"');
  });
});
