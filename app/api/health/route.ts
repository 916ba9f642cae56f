import { isReady } from "@/lib/http/readiness";

/**
 * For load balancers. `/api/health` tells that the process answers; `/api/health?ready` also that the database can be read and written and has all
 * migrations, and that the server has not been told to end (503 if not). No ids, no versions, no configuration.
 */
export async function GET(request: Request): Promise<Response> {
  const asksReadiness = new URL(request.url).searchParams.has("ready");
  const ready = asksReadiness ? await isReady() : undefined;
  return Response.json(
    { live: true, ready },
    {
      status: ready === false ? 503 : 200,
      headers: { "Cache-Control": "no-store", ...(ready === false && { "Retry-After": "1" }) },
    },
  );
}
