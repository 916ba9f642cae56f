import { randomBytes } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { environmentCheck, type Env } from "@/lib/config/env";
import { site } from "@/lib/config/site";
import { contentSecurityPolicy, rpcOrigins } from "@/lib/http/content-security-policy";
import { authorizeOrigins } from "@/lib/providers/registry";
import { demoRefusal } from "@/lib/public-demo";

/** The largest body of an action call (bytes); `next.config.ts` sets the same limit in Next. */
const LARGEST_ACTION_BODY = 65_536;

/**
 * The answer to an action call whose body is too large, or `undefined`. Next refuses such a call too, but hides the error's message in
 * production, so that no hook could tell the reason. It passes on the text of a plain text answer.
 */
function refuseLargeAction(headers: Headers): Response | undefined {
  if (!headers.has("next-action") || Number(headers.get("content-length")) <= LARGEST_ACTION_BODY) return undefined;
  return new Response("Body exceeded 64 kB.", { status: 413, headers: { "Content-Type": "text/plain" } });
}

/** This site's own address too: a form that is refused at a preview's address is redirected to the error page here. */
function formTargets(env: Env): string[] {
  const login = env.login ? [new URL(env.login.issuer).origin] : [];
  return [env.appUrl, ...login, ...authorizeOrigins(env), ...env.formActionOrigins];
}

/** Gives every page its nonce and Content-Security-Policy, and every request the id that its log lines carry. */
export function proxy(request: NextRequest): Response {
  const check = environmentCheck();
  const refusal = refuseLargeAction(request.headers) ?? (check.ok && demoRefusal(request, check.env, Date.now()));
  if (refusal) return refusal;
  const nonce = randomBytes(16).toString("base64");
  const policy = contentSecurityPolicy({
    nonce,
    development: process.env.NODE_ENV === "development",
    connectTargets: check.ok && check.env.chain ? rpcOrigins(check.env.chain.facts) : [],
    formTargets: check.ok ? formTargets(check.env) : [],
    contentSources: site.contentSources,
  });
  const requestId = crypto.randomUUID();
  const headers = new Headers(request.headers);
  // Next reads the nonce from the request's policy and adds it to its own scripts.
  headers.set("Content-Security-Policy", policy);
  headers.set("x-nonce", nonce);
  headers.set("x-request-id", requestId);
  // In production a bad environment has already ended the process.
  const response = check.ok
    ? NextResponse.next({ request: { headers } })
    : NextResponse.rewrite(new URL("/configuration", request.url), { request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  response.headers.set("x-request-id", requestId);
  return response;
}

// Every path except those of Next's own files. A list of this site's files would change with each icon, and a page whose path begins like
// a file's could be left without a policy.
export const config = { matcher: "/((?!_next/static/|_next/image$).*)" };
