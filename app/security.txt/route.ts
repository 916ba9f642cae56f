import { getEnv } from "@/lib/config/env";
import { securityText } from "@/lib/security-text";

// The address is known only at run time.
export const dynamic = "force-dynamic";

/** Where vulnerabilities are reported (RFC 9116), at /.well-known/security.txt too. Not found until SECURITY_CONTACT is set. */
export function GET(): Response {
  const { security, appUrl } = getEnv();
  if (!security)
    return new Response("Not found\n", { status: 404, headers: { "Content-Type": "text/plain; charset=utf-8" } });
  const text = securityText({ ...security, appUrl, now: Date.now() });
  return new Response(text, {
    headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "public, max-age=3600" },
  });
}
