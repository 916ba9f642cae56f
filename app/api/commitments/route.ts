import { guarded } from "@/lib/http/guarded";
import { publicAnswer } from "@/lib/http/public-answer";
import { readCommitments } from "@/lib/sonar/commitments";

export const dynamic = "force-dynamic";

/** The sale's public commitment data, for polling. It is the same for everybody, so caches in front of the app can share it. */
export async function GET(): Promise<Response> {
  const result = await guarded("commitments", () => readCommitments());
  return publicAnswer(result, "public, s-maxage=5, stale-while-revalidate=30");
}
