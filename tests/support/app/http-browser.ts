import { approve } from "@/tests/support/sandbox/sandbox-user";

/** Cookies as a browser keeps them for these tests: by host name (ports share them), without paths. */
class CookieJar {
  private readonly hosts = new Map<string, Map<string, string>>();

  /** Takes the `Set-Cookie` lines of an answer from `url`. */
  take(url: URL, lines: readonly string[]): void {
    const cookies = this.cookiesOf(url);
    for (const line of lines) {
      const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf("="));
      if (isOver(attributes)) cookies.delete(name);
      else cookies.set(name, pair.slice(name.length + 1));
    }
  }

  /** The `Cookie` header for a request to `url`; empty when there are none. */
  header(url: URL): string {
    return [...this.cookiesOf(url)].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  private cookiesOf({ hostname }: URL): Map<string, string> {
    const cookies = this.hosts.get(hostname) ?? new Map<string, string>();
    this.hosts.set(hostname, cookies);
    return cookies;
  }
}

function isOver(attributes: readonly string[]): boolean {
  const valueOf = (name: string) =>
    attributes.find((attribute) => attribute.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
  const maxAge = valueOf("max-age");
  const expires = valueOf("expires");
  return maxAge === undefined ? expires !== undefined && Date.parse(expires) <= Date.now() : Number(maxAge) <= 0;
}

const REDIRECT_LIMIT = 10;

/** The target of a redirect; undefined for any other answer. */
export function redirectOf(response: Response): URL | undefined {
  const location = response.headers.get("location");
  return location === null || response.status < 300 || response.status > 399
    ? undefined
    : new URL(location, response.url);
}

/** What a browser sends for an address that is typed in, or to which it is redirected. */
export const NAVIGATION = { headers: { Accept: "text/html", "Sec-Fetch-Dest": "document" } };

/** The HTTP part of a browser: it keeps cookies, sends a form's origin, and follows redirects only on demand. */
export class HttpBrowser {
  readonly cookies = new CookieJar();

  /** `address`: the network address that a proxy in front of the app names; absent: no proxy. */
  constructor(private readonly address?: string) {}

  get(url: string | URL, init: RequestInit = {}): Promise<Response> {
    return this.send(new URL(url), init);
  }

  /** Posts a form as a page of the same site does. */
  submit(url: string | URL, fields: Readonly<Record<string, string>> = {}): Promise<Response> {
    const target = new URL(url);
    const headers = { Origin: target.origin, "Sec-Fetch-Site": "same-origin" };
    return this.send(target, { method: "POST", headers, body: new URLSearchParams(fields) });
  }

  /** One request, without following a redirect. */
  async send(url: URL, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.address !== undefined) headers.set("X-Forwarded-For", this.address);
    const cookie = this.cookies.header(url);
    if (cookie) headers.set("Cookie", cookie);
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    this.cookies.take(url, response.headers.getSetCookie());
    return response;
  }

  /** Follows redirects with GET up to the first other answer. */
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

async function requireRedirect(what: string, response: Response): Promise<URL> {
  const target = redirectOf(response);
  if (!target) throw new Error(`${what} did not redirect but answered ${response.status}: ${await response.text()}`);
  return target;
}

/** Presses "Sign in". */
export async function signIn(browser: HttpBrowser, appUrl: string): Promise<void> {
  await requireRedirect("Sign in", await browser.submit(new URL("/auth/sign-in", appUrl)));
}

/** Presses "Connect with Sonar"; returns the address of the consent page. */
export async function beginConnect(browser: HttpBrowser, appUrl: string, returnTo?: string): Promise<URL> {
  const target = new URL("/auth/connect/sonar", appUrl);
  return requireRedirect("Connect", await browser.submit(target, { ...(returnTo !== undefined && { returnTo }) }));
}

/** Connects a signed-in browser: begin, approve as a persona (its id), callback. Returns the address that the callback redirects to. */
export async function connectAs(browser: HttpBrowser, appUrl: string, persona = "ada"): Promise<URL> {
  const callback = await approve(await beginConnect(browser, appUrl), persona);
  return requireRedirect("The callback", await browser.get(callback));
}
