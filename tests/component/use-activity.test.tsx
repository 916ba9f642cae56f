import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { Suspense, type ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { getActivity } from "@/app/actions/sonar";
import { SeedsProvider, type Seeds } from "@/hooks/page-provider";
import { useActivity } from "@/hooks/use-activity";
import { storeFloor } from "@/hooks/use-chain-floor";
import { SessionProvider } from "@/hooks/use-session";
import { success } from "@/lib/result";
import type { OwnActivity } from "@/lib/sonar/activity";
import { someChain } from "@/tests/support/purchase/some-purchase";

// The action belongs to the server: this test covers the hook's use of its answers.
vi.mock("@/app/actions/sonar", () => ({ getActivity: vi.fn() }));

beforeEach(() => {
  vi.mocked(getActivity).mockReset();
  localStorage.clear();
});

const at = (block: number, missing: OwnActivity["missing"] = "none"): OwnActivity => ({
  entries: [],
  entities: [],
  missing,
  block,
});

async function render(first: OwnActivity) {
  const seeds: Seeds = { activity: Promise.resolve(success(first)) };
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, retryOnMount: false } } });
  const session = { signedIn: true, connected: (["sonar"] as const).slice(), sonarConnected: true, viewKey: "view" };
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>
      <SessionProvider session={session}>
        <SeedsProvider seeds={seeds}>
          <Suspense>{children}</Suspense>
        </SeedsProvider>
      </SessionProvider>
    </QueryClientProvider>
  );
  return (await act(async () => renderHook(() => useActivity(someChain), { wrapper }))).result;
}

test("an answer from before the user's last transaction may lack entries, and is asked for again at its block", async () => {
  storeFloor(someChain, "view", { block: 120, since: Date.now() });
  vi.mocked(getActivity).mockResolvedValueOnce(success(at(119)));
  const result = await render(at(118));
  await waitFor(() => expect(result.current.activity).toEqual(at(119, "outdated")));
  expect(getActivity).toHaveBeenCalledExactlyOnceWith({ atBlock: 120 });
  vi.mocked(getActivity).mockResolvedValue(success(at(120)));
  await act(async () => result.current.refetch());
  await waitFor(() => expect(result.current.activity).toEqual(at(120)));
});

test("what is being searched, or known to be behind, is still called so", async () => {
  storeFloor(someChain, "view", { block: 120, since: Date.now() });
  vi.mocked(getActivity).mockResolvedValue(success(at(119, "behind")));
  const result = await render(at(118, "to-search"));
  await waitFor(() => expect(result.current.activity).toEqual(at(119, "behind")));
});

test("another user's transaction, and one of another sale, say nothing of this one's", async () => {
  storeFloor(someChain, "other view", { block: 120, since: Date.now() });
  storeFloor({ ...someChain, chainId: 1 }, "view", { block: 120, since: Date.now() });
  expect((await render(at(118))).current.activity).toEqual(at(118));
  expect(getActivity).not.toHaveBeenCalled();
});

test("what is listed stays while a node answers from before it, and every read asks for its block", async () => {
  const listed = { ...at(118), entities: [{ id: "e", name: "Ada" }] } as unknown as OwnActivity;
  const result = await render(listed);
  vi.mocked(getActivity).mockResolvedValue(success(at(117)));
  await act(async () => result.current.refetch());
  expect(getActivity).toHaveBeenCalledExactlyOnceWith({ atBlock: 118 });
  expect(result.current.activity).toEqual(listed);
});

test("another tab's transaction counts from the next read on", async () => {
  const result = await render(at(118));
  storeFloor(someChain, "view", { block: 120, since: Date.now() });
  vi.mocked(getActivity).mockResolvedValue(success(at(119)));
  await act(async () => result.current.refetch());
  expect(getActivity).toHaveBeenCalledExactlyOnceWith({ atBlock: 120 });
  await waitFor(() => expect(result.current.activity).toEqual(at(119, "outdated")));
});
