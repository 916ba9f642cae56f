import type { ChainControl } from "../../chain/control";
import { ApiError } from "../../http/api-error";
import type { Echo } from "../echo";

/**
 * Does something on the sale's chain. Throws ApiError 503 without a chain that answers, 400 with the contract's own reason
 * when it refuses.
 */
export async function onChain<T>(
  { chain }: Echo,
  act: (control: ChainControl, rpcUrl: string) => Promise<T>,
): Promise<T> {
  const control = await chain.control();
  if (!control || chain.rpcUrl === undefined) throw new ApiError("unavailable", "this sandbox has no chain");
  try {
    return await act(control, chain.rpcUrl);
  } catch (error) {
    throw await apiErrorOf(error);
  }
}

async function apiErrorOf(error: unknown): Promise<unknown> {
  if (error instanceof ApiError) return error;
  const { isUnreachable, refusalText } = await import("../../chain/refusal-text");
  if (isUnreachable(error)) return new ApiError("unavailable", "the chain does not answer");
  return new ApiError("failed_precondition", refusalText(error));
}
