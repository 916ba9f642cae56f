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
  // Browsers ignore this header over plain http, so it is safe in development.
  { key: "Strict-Transport-Security", value: "max-age=63072000" },
];

const nextConfig: NextConfig = {
  // A folder that runs without node_modules, for containers (docs/going-live.md). `next start` does not run such a build.
  ...(process.env.STANDALONE === "1" && { output: "standalone" as const }),
  // The build checks what it ships: a type error in a test must not stop a hotfix. `npm run typecheck` checks everything.
  typescript: { tsconfigPath: "tsconfig.build.json" },
  poweredByHeader: false,
  reactStrictMode: true,
  agentRules: false,
  // Nothing uses the image optimizer, and it would answer everybody, without a limit.
  images: { unoptimized: true },
  // On the server, viem is loaded from node_modules: bundling its 700 chains doubled the time to the first page in development.
  serverExternalPackages: ["viem"],
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
      // A callback's address contains a code and a state, which must not reach the next page as a referrer (RFC 9700 4.2.4).
      { source: "/oauth/:path*", headers: [{ key: "Referrer-Policy", value: "no-referrer" }] },
      { source: "/auth/login/:path*", headers: [{ key: "Referrer-Policy", value: "no-referrer" }] },
    ]),
};

export default nextConfig;
