import type { NextConfig } from "next";

// Nothing is reported to anybody, also by a `next` that was not started through the scripts of package.json.
process.env.NEXT_TELEMETRY_DISABLED = "1";

/** Headers that need no nonce, so that static files carry them too. The Content-Security-Policy is made in `proxy.ts`. */
const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  // Not "no-referrer": that makes browsers send "Origin: null" with form posts, which our own Origin check refuses.
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=()" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  // Browsers ignore this on plain http, so it is safe to send in development.
  { key: "Strict-Transport-Security", value: "max-age=63072000" },
];

const nextConfig: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  agentRules: false,
  // On the server, viem comes from node_modules as it is: bundling its 700 chains doubled the time to the first page in development.
  serverExternalPackages: ["viem"],
  experimental: {
    serverActions: { bodySizeLimit: "64kb" },
    // An upstream POST made while rendering must never be replayed from cache after an edit in development.
    serverComponentsHmrCache: false,
  },
  // Development logs would otherwise print action arguments and authorization codes.
  logging: { serverFunctions: false, incomingRequests: { ignore: [/\/oauth\/callback/] } },
  headers: () =>
    Promise.resolve([
      { source: "/:path*", headers: securityHeaders },
      // The callback's address holds a code and a state: it must not be told to anything that is loaded next (RFC 9700 4.2.4).
      { source: "/oauth/:path*", headers: [{ key: "Referrer-Policy", value: "no-referrer" }] },
    ]),
};

export default nextConfig;
