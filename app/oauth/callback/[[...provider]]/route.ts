import { completeConnection } from "@/lib/account";
import { sendOn } from "@/lib/http/form-route";
import { guarded } from "@/lib/http/guarded";
import { furtherProvider } from "@/lib/providers/registry";
import { success } from "@/lib/result";

/** In seconds: longer than the provider's time limit (UPSTREAM_TIMEOUT_MS). */
export const maxDuration = 60;

/**
 * The callback of every provider. It is a route handler, so that the code never reaches client code, and always ends in a redirect to an
 * address without a query.
 */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ provider?: string[] }> },
): Promise<Response> {
  // Used for the error page only. The stored OAuth request decides which provider the callback belongs to.
  const [provider] = (await params).provider ?? [];
  const { pathname, searchParams } = new URL(request.url);
  // A redirect to the address without the last slash would repeat code and state.
  const path = pathname.replace(/\/$/, "");
  const result = await guarded("callback", () => completeConnection(path, searchParams));
  return sendOn(result.ok ? success(result.data.returnTo) : result, furtherProvider(provider));
}

/** Next would run GET for HEAD, so that a link checker or preview would use up the code. */
export function HEAD(): Response {
  return new Response(null, { status: 405, headers: { Allow: "GET" } });
}
