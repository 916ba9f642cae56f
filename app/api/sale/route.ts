import { readSaleState } from "@/lib/chain/read-sale";
import { guarded } from "@/lib/http/guarded";

export const dynamic = "force-dynamic";

/** The state of the sale's contract, for polling. It is the same for everybody, so caches in front of the app can share it. */
export async function GET(): Promise<Response> {
  const result = await guarded("saleState", () => readSaleState());
  return Response.json(result, {
    status: result.ok ? 200 : 502,
    headers: { "Cache-Control": result.ok ? "public, s-maxage=2, stale-while-revalidate=10" : "no-store" },
  });
}
