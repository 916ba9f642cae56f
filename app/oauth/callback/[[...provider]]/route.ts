import { completeConnection } from "@/lib/account";
import { errorPage, seeOther } from "@/lib/http/form-route";
import { furtherProvider } from "@/lib/providers/registry";
import { guarded } from "@/lib/http/guarded";

/** In seconds: more than the time that is given to the provider (UPSTREAM_TIMEOUT_MS). */
export const maxDuration = 60;

/**
 * Where every provider sends the browser back to. A route handler, so that the code never reaches client code; it always ends in
 * a redirect to a clean address.
 */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ provider?: string[] }> },
): Promise<Response> {
  // For the words of the error page only; whose callback it is, is decided by what its state was issued for.
  const [provider] = (await params).provider ?? [];
  const { pathname, searchParams } = new URL(request.url);
  const result = await guarded("callback", () => completeConnection(pathname, searchParams));
  return seeOther(result.ok ? result.data.returnTo : errorPage(result.error, furtherProvider(provider)));
}

/** Next would run GET for HEAD, and a link checker or preview would use up the code. */
export function HEAD(): Response {
  return new Response(null, { status: 405, headers: { Allow: "GET" } });
}
