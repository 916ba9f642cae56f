"use client";

import { useState } from "react";
import { callConnection } from "@/app/actions/connections";
import { callAction, useSeededQuery, type QueryAnswer } from "@/hooks/use-seeded-query";
import { useSessionStatus } from "@/hooks/use-session";
import type { ApiCall } from "@/lib/oauth/http-call";
import type { ProviderSetup } from "@/lib/providers/definition";
import type { providerDefinitions } from "@/lib/providers/index";

type Definition = (typeof providerDefinitions)[number];

/** The id of a provider in the registry. */
export type ConnectedProviderId = Definition["id"];

type CallsOf<Id extends ConnectedProviderId> =
  Extract<Definition, { id: Id }> extends { setUp: (...args: never[]) => ProviderSetup<infer Calls> } ? Calls : never;

type InputOf<Call> = Call extends ApiCall<infer Input, unknown> ? Input : never;
type OutputOf<Call> = Call extends ApiCall<infer _Input, infer Output> ? Output : never;

/**
 * Calls a connected provider. The first signature is true, because its types come from the registry and the server checks the answer
 * against the same zod schema. It rejects with a `FailureError`.
 */
export function callProvider<Id extends ConnectedProviderId, Name extends keyof CallsOf<Id> & string>(
  provider: Id,
  call: Name,
  input: InputOf<CallsOf<Id>[Name]>,
): Promise<OutputOf<CallsOf<Id>[Name]>>;
export function callProvider(provider: string, call: string, input: unknown): Promise<unknown> {
  return callAction(() => callConnection({ provider, call, input }));
}

/** A read of a connected provider that starts when the user asks for it. */
export interface ProviderQuery<T> extends Omit<QueryAnswer<T>, "refetch"> {
  /** True once the user has asked for it. */
  asked: boolean;
  /** Asks, or asks again. */
  ask: () => void;
}

/**
 * One read of a provider other than Sonar, under `queryKey`. It does not start before the user asks, because these APIs have limits of
 * their own. While one page of many is fetched, the page before stays.
 */
export function useProviderQuery<T>(queryKey: readonly unknown[], queryFn: () => Promise<T>): ProviderQuery<T> {
  const { viewKey } = useSessionStatus();
  const [asked, setAsked] = useState(false);
  const { refetch, ...answer } = useSeededQuery({
    queryKey: [viewKey, ...queryKey],
    queryFn,
    enabled: asked,
    keepPrevious: true,
  });
  const ask = () => {
    if (asked) refetch();
    setAsked(true);
  };
  return { ...answer, asked, ask };
}
