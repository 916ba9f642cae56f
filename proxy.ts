import { randomBytes } from "node:crypto";
import { NextResponse, type NextFetchEvent, type NextRequest } from "next/server";
import { environmentCheck, type Env } from "@/lib/config/env";
import { site } from "@/lib/config/site";
import { contentSecurityPolicy, rpcOrigins, walletConnectSources } from "@/lib/http/content-security-policy";
import { requestLog } from "@/lib/http/log";
import { outageAnswer } from "@/lib/http/outage";
import { bodyTooLarge, LARGEST_BODY, readBody } from "@/lib/http/request-body";
import { noteRequestId } from "@/lib/http/telemetry";
import { authorizeOrigins } from "@/lib/providers/registry";
import { demoRefusal } from "@/lib/public-demo";

/**
 * The answer to a request whose body is too large, or `undefined`. Next refuses such an action call too, but hides the error's message in
 * production, so that no hook could tell the reason.
 */
async function refuseLargeBody({ headers, body }: Request): Promise<Response | undefined> {
  const length = headers.get("content-length");
  // Node has checked it: the body has this length, or ends the connection.
  if (length !== null) return Number(length) <= LARGEST_BODY ? undefined : bodyTooLarge();
  return (await readBody(body, LARGEST_BODY)) ? undefined : bodyTooLarge();
}

/** This site's own address too: a form that is refused at a preview's address is redirected to the error page here. */
function formTargets(env: Env): string[] {
  const login = env.login ? [new URL(env.login.issuer).origin] : [];
  return [env.appUrl, ...login, ...authorizeOrigins(env), ...env.formActionOrigins];
}

/**
 * Gives every page its nonce and Content-Security-Policy, and every request the id that its log lines carry. While the database does not
 * answer, a page that needs it is replaced (`lib/http/outage.ts`).
 */
export async function proxy(request: NextRequest, event?: NextFetchEvent): Promise<Response> {
  const check = environmentCheck();
  const refusal = (check.ok && demoRefusal(request, check.env, Date.now())) || (await refuseLargeBody(request));
  if (refusal?.status === 413) requestLog("-").warn("refused.body-too-large", { call: "proxy" });
  if (refusal) return refusal;
  const nonce = randomBytes(16).toString("base64");
  const chain = check.ok ? check.env.chain?.facts : undefined;
  const policy = contentSecurityPolicy({
    nonce,
    development: process.env.NODE_ENV === "development",
    connectTargets: chain ? rpcOrigins(chain) : [],
    formTargets: check.ok ? formTargets(check.env) : [],
    contentSources: [site.contentSources, ...(chain ? [walletConnectSources(chain)] : [])],
  });
  const requestId = crypto.randomUUID();
  noteRequestId(requestId);
  const outage =
    check.ok &&
    (await outageAnswer(request, { appUrl: check.env.appUrl, policy, requestId }, (work) => event?.waitUntil(work)));
  if (outage) return outage;
  const moved = withoutLastSlash(request);
  if (moved) return answerWith(NextResponse.redirect(moved, 308), policy, requestId);
  const headers = new Headers(request.headers);
  // Next reads the nonce from the request's policy and adds it to its own scripts.
  headers.set("Content-Security-Policy", policy);
  headers.set("x-nonce", nonce);
  headers.set("x-request-id", requestId);
  // In production a bad environment has already ended the process.
  const response = check.ok
    ? NextResponse.next({ request: { headers } })
    : NextResponse.rewrite(new URL("/configuration", request.url), { request: { headers } });
  return answerWith(response, policy, requestId);
}

function answerWith(response: NextResponse, policy: string, requestId: string): NextResponse {
  response.headers.set("Content-Security-Policy", policy);
  response.headers.set("x-request-id", requestId);
  return response;
}

/** Each page has one address. A callback is answered at both: a redirect would repeat its code and state. */
function withoutLastSlash({ nextUrl }: NextRequest): URL | undefined {
  const { pathname, search } = nextUrl;
  if (!pathname.endsWith("/") || pathname === "/" || /^\/(oauth|auth\/login)\//.test(pathname)) return undefined;
  return new URL(pathname.replace(/\/+$/, "") + search, nextUrl);
}

// Every path except those of Next's own files. A list of this site's files would change with each icon, and a page whose path begins like
// a file's could be left without a policy.
export const config = { matcher: "/((?!_next/static/).*)" };
