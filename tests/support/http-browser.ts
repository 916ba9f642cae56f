import { CookieJar } from "@/tests/support/cookie-jar";

const REDIRECT_LIMIT = 10;

/** Where an answer sends the browser, if it does. */
export function redirectOf(response: Response): URL | undefined {
  const location = response.headers.get("location");
  return location === null || response.status < 300 || response.status > 399
    ? undefined
    : new URL(location, response.url);
}

/** A browser as far as HTTP goes: it keeps cookies, says where a form came from, and follows redirects only when told to. */
export class HttpBrowser {
  readonly cookies = new CookieJar();

  get(url: string | URL, init: RequestInit = {}): Promise<Response> {
    return this.send(new URL(url), init);
  }

  /** Posts a form as a page of the same site would. */
  submit(url: string | URL, fields: Readonly<Record<string, string>> = {}): Promise<Response> {
    const target = new URL(url);
    const headers = { Origin: target.origin, "Sec-Fetch-Site": "same-origin" };
    return this.send(target, { method: "POST", headers, body: new URLSearchParams(fields) });
  }

  /** One request, without following a redirect. */
  async send(url: URL, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    const cookie = this.cookies.header(url);
    if (cookie) headers.set("Cookie", cookie);
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    this.cookies.take(url, response.headers.getSetCookie());
    return response;
  }

  /** Follows redirects with GET until an answer that is none. */
  async follow(response: Response): Promise<Response> {
    let current = response;
    for (let steps = 0; steps < REDIRECT_LIMIT; steps += 1) {
      const target = redirectOf(current);
      if (!target) return current;
      await current.body?.cancel();
      current = await this.get(target);
    }
    throw new Error(`More than ${REDIRECT_LIMIT} redirects, the last to ${current.url}`);
  }
}
