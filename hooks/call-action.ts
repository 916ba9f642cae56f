import { unstable_isUnrecognizedActionError as isUnrecognizedAction } from "next/navigation";
import { FailureError } from "@/lib/failure-error";
import { failure, type Failure, type Result } from "@/lib/result";

/**
 * What a rejected action means. Our actions never throw, so the rejection is Next's or the browser's: no network, an action id from
 * before a deployment, a body over the limit, or an error that Next shows as a digest only.
 */
export function rejectionFailure(error: unknown): Failure {
  if (isUnrecognizedAction(error)) return failure("request/outdated_page");
  if (error instanceof TypeError) return failure("request/offline");
  if (error instanceof Error && /body exceeded/i.test(error.message)) return failure("request/too_large");
  return failure("request/unexpected");
}

/** Calls an action and returns its data; every trouble, also a rejected call, is thrown as a `FailureError`. */
export async function callAction<T>(call: () => Promise<Result<T>>): Promise<T> {
  const result = await call().catch((error: unknown) => ({ ok: false as const, error: rejectionFailure(error) }));
  if (!result.ok) throw new FailureError(result.error);
  return result.data;
}
