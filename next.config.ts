import type { NextConfig } from "next";

// No telemetry, even if `next` is not started through the scripts of package.json.
process.env.NEXT_TELEMETRY_DISABLED = "1";

/** Headers without a nonce, which static files carry too. `proxy.ts` makes the Content-Security-Policy. */
const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  // Not "no-referrer": with that, browsers send "Origin: null" with form posts, which this app's Origin check refuses.
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=()" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  // Browsers ignore this header over plain http, so it is safe in development. The subdomains are those below this site's own host: one that is
  // reached over http could otherwise be used to set cookies for this site (ASVS 3.4.1).
  { key: "Strict-Transport-Security", value: "max-age=63072000; includeSubDomains" },
];

/** For files, which `proxy.ts` does not see: opened by themselves, they load and run nothing of another site. */
const FILE_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** The callbacks' addresses contain a code and a state, which must not reach the next page as a referrer, or a cache (RFC 9700 4.2.4). */
const callbackHeaders = [
  { key: "Referrer-Policy", value: "no-referrer" },
  { key: "Cache-Control", value: "no-store" },
];

/** The names at which a development server is opened besides localhost; Next's tools refuse every other origin. */
const developmentHosts = ["127.0.0.1", "[::1]", process.env.DEV_HOSTNAME, hostOf(process.env.APP_URL)].filter(
  (host) => host !== undefined,
);

function hostOf(url = ""): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

const telemetryPackages = [
  "context-async-hooks",
  "exporter-metrics-otlp-http",
  "exporter-trace-otlp-http",
  "resources",
  "sdk-metrics",
  "sdk-trace-base",
].map((name) => `@opentelemetry/${name}`);

const nextConfig: NextConfig = {
  // A folder that runs without node_modules, for containers (docs/going-live.md). `next start` does not run such a build.
  ...(process.env.STANDALONE === "1" && { output: "standalone" as const }),
  // The build checks what it ships: a type error in a test must not stop a hotfix. `npm run typecheck` checks everything.
  typescript: { tsconfigPath: "tsconfig.build.json" },
  poweredByHeader: false,
  allowedDevOrigins: developmentHosts,
  // Next's own redirect has none of the headers below. `proxy.ts` makes one that does, and none of a callback.
  skipTrailingSlashRedirect: true,
  reactStrictMode: true,
  agentRules: false,
  // Nothing uses the image optimizer, and it would answer everybody, without a limit.
  images: { unoptimized: true },
  // On the server, viem is loaded from node_modules: bundling its 700 chains doubled the time to the first page in development. OpenTelemetry's
  // packages are loaded only where an exporter is configured (`lib/http/telemetry-sdk.ts`).
  serverExternalPackages: ["viem", ...telemetryPackages],
  experimental: {
    serverActions: { bodySizeLimit: "64kb" },
    // Next keeps a body in memory until `proxy.ts` has run, which refuses anything over 64 kB: by default, ten megabytes for each request.
    proxyClientMaxBodySize: "65kb",
    // In development, an upstream POST of a render must not be replayed from cache after an edit.
    serverComponentsHmrCache: false,
  },
  // Otherwise development logs would print action arguments and authorization codes.
  logging: { serverFunctions: false, incomingRequests: { ignore: [/\/oauth\/callback/, /\/auth\/login\/callback/] } },
  headers: () =>
    Promise.resolve([
      { source: "/:path*", headers: securityHeaders },
      { source: "/_next/static/:path*", headers: [{ key: "Content-Security-Policy", value: FILE_POLICY }] },
      { source: "/oauth/:path*", headers: callbackHeaders },
      { source: "/auth/login/:path*", headers: callbackHeaders },
    ]),
  // Only where neither `public/` nor `app/` has the file: a fork's own come first.
  rewrites: () =>
    Promise.resolve({
      fallback: [
        { source: "/favicon.ico", destination: "/icon" },
        // A folder whose name begins with a dot is left out by TypeScript and other tools.
        { source: "/.well-known/security.txt", destination: "/security.txt" },
      ],
    }),
};

export default nextConfig;
