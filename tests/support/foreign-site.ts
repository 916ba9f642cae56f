import { startLocalServer, type LocalServer } from "@/tests/support/local-server";

/** Another site, whose every page is this markup. */
export function startForeignSite(markup: string): Promise<LocalServer> {
  return startLocalServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "text/html" }).end(`<link rel="icon" href="data:,">${markup}`);
  });
}
