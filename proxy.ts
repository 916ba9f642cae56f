import { randomBytes } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { refuseLargeAction } from "@/lib/action-body-limit";
import { connectTargets } from "@/lib/connect-targets";
import { contentSecurityPolicy } from "@/lib/content-security-policy";
import { environmentCheck } from "@/lib/env";
import { authorizeOrigins } from "@/lib/providers/find-provider";

/** Gives every page its nonce and Content-Security-Policy, and every request the id under which it is logged. */
export function proxy(request: NextRequest): Response {
  const refusal = refuseLargeAction(request.headers);
  if (refusal) return refusal;
  const check = environmentCheck();
  const policy = contentSecurityPolicy({
    nonce: randomBytes(16).toString("base64"),
    development: process.env.NODE_ENV === "development",
    connectTargets: check.ok && check.env.chain ? connectTargets(check.env.chain.facts) : [],
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
