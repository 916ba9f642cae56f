import type { Place } from "@/tests/support/find-secrets";
import { HttpBrowser } from "@/tests/support/http-browser";

/** A browser that remembers every answer in full, headers included. */
export class ListeningBrowser extends HttpBrowser {
  readonly heard: Place[] = [];

  override async send(url: URL, init: RequestInit): Promise<Response> {
    const response = await super.send(url, init);
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    const text = `${headers}\n\n${await response.clone().text()}`;
    this.heard.push({ name: `${init.method ?? "GET"} ${url.pathname}`, text });
    return response;
  }
}
