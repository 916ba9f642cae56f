import { randomBytes } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { rpcOrigins, contentSecurityPolicy } from "@/lib/http/content-security-policy";
import { environmentCheck } from "@/lib/config/env";
import { authorizeOrigins } from "@/lib/providers/registry";

/** The largest body that an action call may have (bytes); `next.config.ts` tells Next the same. */
const LARGEST_ACTION_BODY = 65_536;

/**
 * The answer to an action call whose body is too large, or `undefined`. Next refuses such a call as well, but as an error whose message it
 * hides in production, so that no hook could tell what was wrong. Of a plain text answer it hands the text on.
 */
export function refuseLargeAction(headers: Headers): Response | undefined {
  if (!headers.has("next-action") || Number(headers.get("content-length")) <= LARGEST_ACTION_BODY) return undefined;
  return new Response("Body exceeded 64 kB.", { status: 413, headers: { "Content-Type": "text/plain" } });
}

/** Gives every page its nonce and Content-Security-Policy, and every request the id under which it is logged. */
export function proxy(request: NextRequest): Response {
  const refusal = refuseLargeAction(request.headers);
  if (refusal) return refusal;
  const check = environmentCheck();
  const policy = contentSecurityPolicy({
    nonce: randomBytes(16).toString("base64"),
    development: process.env.NODE_ENV === "development",
    connectTargets: check.ok && check.env.chain ? rpcOrigins(check.env.chain.facts) : [],
    // This site's own address too: from a preview's, a refused form is sent on to the error page there.
    formTargets: check.ok ? [check.env.appUrl, ...authorizeOrigins(check.env), ...check.env.formActionOrigins] : [],
  });
  const requestId = crypto.randomUUID();
  const headers = new Headers(request.headers);
  // Next reads the nonce from the request's policy and puts it on its own scripts.
  headers.set("Content-Security-Policy", policy);
  headers.set("x-request-id", requestId);
  // In production a bad environment has ended the process long before.
  const response = check.ok
    ? NextResponse.next({ request: { headers } })
    : NextResponse.rewrite(new URL("/configuration", request.url), { request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  response.headers.set("x-request-id", requestId);
  return response;
}

// Every path but those of files: anchored, or a path that only begins like a file's would be a page without a policy.
export const config = { matcher: "/((?!_next/static/|_next/image$|favicon\\.ico$|icon\\.svg$).*)" };
