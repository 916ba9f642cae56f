import type { Site } from "@/lib/config/site";
import type { SaleChain } from "@/lib/sale/state";

interface PolicyOptions {
  nonce: string;
  development: boolean;
  /** Origins that a form of this site may be redirected to: browsers apply `form-action` to redirects too. */
  formTargets: readonly string[];
  /** Origins besides this site that the page's scripts send requests to: see `rpcOrigins`. */
  connectTargets: readonly string[];
  /** Further origins: those of `site.ts`, which are checked at start-up, and of parts that are switched on. */
  contentSources: readonly Site["contentSources"][];
}

/** The Content-Security-Policy of a page: only scripts with the nonce, no other host but those given, no framing. */
export function contentSecurityPolicy(options: PolicyOptions): string {
  const { nonce, development, formTargets, connectTargets, contentSources } = options;
  const further = (kind: keyof Site["contentSources"]) => contentSources.flatMap((sources) => sources[kind]);
  const directives: Record<string, readonly string[]> = {
    "default-src": ["'self'"],
    // 'strict-dynamic' lets Next's scripts load their chunks. React's development build evaluates code.
    "script-src": ["'self'", `'nonce-${nonce}'`, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])],
    // Menus set their position, and streamed parts carry style attributes: neither can have a nonce.
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", ...further("image")],
    "font-src": ["'self'"],
    "connect-src": ["'self'", ...connectTargets, ...further("connect"), ...(development ? ["ws:"] : [])],
    "frame-src": ["'self'", ...further("frame")],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'", ...formTargets],
    "frame-ancestors": ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(" ")}`)
    .join("; ");
}

/** WalletConnect's relay, and the page with which Reown tells wallets that a request comes from this site. */
const REOWN = { relay: "wss://relay.walletconnect.org", verify: "https://verify.walletconnect.org" } as const;

/** What WalletConnect needs: nothing where it is off. Reown vouches only for what goes through its own relay. */
export function walletConnectSources({ walletConnect }: Pick<SaleChain, "walletConnect">): Site["contentSources"] {
  if (!walletConnect) return { connect: [], image: [], frame: [] };
  const { relayUrl } = walletConnect;
  if (relayUrl !== undefined) return { connect: [new URL(relayUrl).origin], image: [], frame: [] };
  return { connect: [REOWN.relay], image: [], frame: [REOWN.verify] };
}

/** The origins that the wallet's scripts send requests to: the RPC nodes that browsers may know. */
export function rpcOrigins({ rpcUrls }: Pick<SaleChain, "rpcUrls">): string[] {
  return [...new Set(rpcUrls.map((url) => new URL(url).origin))];
}
