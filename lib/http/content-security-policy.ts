import type { Site } from "@/lib/config/site";
import type { SaleChain } from "@/lib/sale/state";

interface PolicyOptions {
  nonce: string;
  development: boolean;
  /** Origins that a form of this site may be redirected to: browsers apply `form-action` to redirects too. */
  formTargets: readonly string[];
  /** Origins besides this site that the page's scripts send requests to: see `rpcOrigins`. */
  connectTargets: readonly string[];
  /** The further origins of `site.ts`, which are checked at start-up. */
  contentSources: Site["contentSources"];
}

/** The Content-Security-Policy of a page: only scripts with the nonce, no other host but those given, no framing. */
export function contentSecurityPolicy(options: PolicyOptions): string {
  const { nonce, development, formTargets, connectTargets, contentSources } = options;
  const directives: Record<string, readonly string[]> = {
    "default-src": ["'self'"],
    // 'strict-dynamic' lets Next's scripts load their chunks. React's development build evaluates code.
    "script-src": ["'self'", `'nonce-${nonce}'`, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])],
    // Menus set their position, and streamed parts carry style attributes: neither can have a nonce.
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", ...contentSources.image],
    "font-src": ["'self'"],
    "connect-src": ["'self'", ...connectTargets, ...contentSources.connect, ...(development ? ["ws:"] : [])],
    "frame-src": ["'self'", ...contentSources.frame],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'", ...formTargets],
    "frame-ancestors": ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(" ")}`)
    .join("; ");
}

/** The origins that the wallet's scripts send requests to: the RPC nodes that browsers may know. */
export function rpcOrigins({ rpcUrls }: Pick<SaleChain, "rpcUrls">): string[] {
  return [...new Set(rpcUrls.map((url) => new URL(url).origin))];
}
