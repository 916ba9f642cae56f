import { callConnection } from "@/app/actions/connections";
import { callAction } from "@/hooks/call-action";
import type { ApiCall } from "@/lib/oauth/http-call";
import type { ProviderSetup } from "@/lib/providers/provider-definition";
import type { providerDefinitions } from "@/lib/providers/index";

type Definition = (typeof providerDefinitions)[number];

/** The id of a provider in the registry. */
export type ConnectedProviderId = Definition["id"];

type CallsOf<Id extends ConnectedProviderId> =
  Extract<Definition, { id: Id }> extends { setUp: (...args: never[]) => ProviderSetup<infer Calls> } ? Calls : never;

type InputOf<Call> = Call extends ApiCall<infer Input, unknown> ? Input : never;
type OutputOf<Call> = Call extends ApiCall<infer _Input, infer Output> ? Output : never;

/**
 * Calls a connected provider. The types are those of the registry, and the server holds the answer to the same zod schema, so the first
 * signature is true; it rejects with a `FailureError`.
 */
export function callProvider<Id extends ConnectedProviderId, Name extends keyof CallsOf<Id> & string>(
  provider: Id,
  call: Name,
  input: InputOf<CallsOf<Id>[Name]>,
): Promise<OutputOf<CallsOf<Id>[Name]>>;
export function callProvider(provider: string, call: string, input: unknown): Promise<unknown> {
  return callAction(() => callConnection({ provider, call, input }));
}
