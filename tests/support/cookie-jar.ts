/** Cookies as a browser keeps them for these tests: by host name (ports share them), without paths. */
export class CookieJar {
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
