import "server-only";
import type { z } from "zod";
import { fail, success, type Result } from "@/lib/result";
import { settle } from "@/lib/sonar/settle";

/** One call of sonar-core, whose answers are unchecked casts: errors become Failures and the answer is parsed. */
export async function askSonar<T>(schema: z.ZodType<T>, call: () => Promise<unknown>): Promise<Result<T>> {
  const answer = await settle("api", call);
  if (!answer.ok) return answer;
  const parsed = schema.safeParse(answer.data);
  return parsed.success ? success(parsed.data) : fail("api/invalid_response");
}
