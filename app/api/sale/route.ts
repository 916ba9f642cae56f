import { readSaleState } from "@/lib/chain/read-sale";
import { guarded } from "@/lib/http/guarded";
import { publicAnswer } from "@/lib/http/public-answer";

export const dynamic = "force-dynamic";

/**
 * The state of the sale, for polling. It is the same for everybody, so caches in front of the app can share it. None may serve an old answer
 * while it fetches a new one: a page would then learn of a pause one poll later.
 */
export async function GET(): Promise<Response> {
  const result = await guarded("saleState", () => readSaleState());
  return publicAnswer(result, "public, s-maxage=1");
}
