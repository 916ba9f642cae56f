import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, renderHook, screen, waitFor } from "@testing-library/react";
import { Suspense, type ReactNode } from "react";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { generatePurchasePermit, getEntities, getEntity, prePurchaseCheck } from "@/app/actions/sonar";
import { SeedsProvider, type Seeds } from "@/hooks/page-provider";
import { SessionProvider } from "@/hooks/use-session";
import { useSonarEntities, useSonarEntity } from "@/hooks/use-sonar-entities";
import { useSonarPurchase } from "@/hooks/use-sonar-purchase";
import { useSonarQuery } from "@/hooks/use-sonar-query";
import { fail, success, type Result } from "@/lib/result";
import type { SonarEntity } from "@/lib/sonar/entity";
import { deferred } from "@/tests/support/deferred";
import { someEntity } from "@/tests/support/purchase/some-purchase";

// The actions belong to the server: this test covers the hooks' use of their answers.
vi.mock("@/app/actions/sonar", () => ({
  getEntities: vi.fn(),
  getEntity: vi.fn(),
  prePurchaseCheck: vi.fn(),
  generatePurchasePermit: vi.fn(),
}));

const sale = { saleUUID: "5a1e0000-7e57-4a1e-8b2c-2c0ffee5a1e1" };
const wallet = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

function wrapper(
  seeds: Seeds = {},
  connected = true,
  client = new QueryClient({ defaultOptions: { queries: { retry: false, retryOnMount: false } } }),
) {
  const session = {
    signedIn: true,
    connected: connected ? (["sonar"] as const).slice() : [],
    sonarConnected: connected,
    viewKey: "view",
  };
  return function Wrapper({ children }: { children: ReactNode }) {
    return (
      <QueryClientProvider client={client}>
        <SessionProvider session={session}>
          <SeedsProvider seeds={seeds}>
            <Suspense fallback="streaming">{children}</Suspense>
          </SeedsProvider>
        </SessionProvider>
      </QueryClientProvider>
    );
  };
}

beforeEach(() => {
  vi.mocked(getEntities).mockReset();
  vi.mocked(prePurchaseCheck).mockReset();
  vi.mocked(generatePurchasePermit).mockReset();
});

test("streamed data is shown, and no action is called for it", async () => {
  const seeds = { entities: Promise.resolve(success({ Entities: [someEntity({ Label: "Ada" })] })) };
  const { result } = await act(() => renderHook(() => useSonarEntities(sale), { wrapper: wrapper(seeds) }));
  expect(result.current).toMatchObject({ authenticated: true, loading: false, entities: [{ Label: "Ada" }] });
  expect(getEntities).not.toHaveBeenCalled();
});

test("a streamed failure is the first answer: it is shown without a spinner, and nothing is asked at once", async () => {
  vi.mocked(getEntities).mockResolvedValue(success({ Entities: [] }));
  const seeds = { entities: Promise.resolve(fail("api/network_error")) };
  const renders: ReturnType<typeof useSonarEntities>[] = [];
  const useEntities = () => {
    const read = useSonarEntities(sale);
    renders.push(read);
    return read;
  };
  const { result } = await act(() => renderHook(useEntities, { wrapper: wrapper(seeds) }));
  expect(renders[0]).toMatchObject({ loading: false, refreshing: false, error: { code: "api/network_error" } });
  expect(renders.filter(({ refreshing }) => refreshing)).toEqual([]);
  expect(result.current.error).toMatchObject({ code: "api/network_error", recovery: "retry" });
  expect(getEntities).not.toHaveBeenCalled();
  act(() => result.current.refetch());
  await waitFor(() => expect(result.current.entities).toEqual([]));
  expect(result.current.error).toBeUndefined();
});

test("a read that was never answered is repeated by itself, less and less often, but not where the user has to act", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  vi.mocked(getEntities).mockResolvedValue(fail("api/network_error"));
  const seeds = { entities: Promise.resolve(fail("api/network_error")) };
  const { result } = await act(async () => renderHook(() => useSonarEntities(sale), { wrapper: wrapper(seeds) }));
  await pass(9_000);
  expect(getEntities).not.toHaveBeenCalled();
  await pass(10 * 60_000);
  const calls = vi.mocked(getEntities).mock.calls.length;
  expect(calls).toBeGreaterThan(8);
  expect(calls).toBeLessThan(14);
  vi.mocked(getEntities).mockResolvedValue(success({ Entities: [] }));
  await pass(61_000);
  expect(result.current).toMatchObject({ entities: [] });
  expect(result.current.error).toBeUndefined();

  vi.mocked(getEntities).mockReset();
  const ended = { entities: Promise.resolve(fail("auth/invalid_refresh_token")) };
  await act(async () => renderHook(() => useSonarEntities(sale), { wrapper: wrapper(ended) }));
  await pass(10 * 60_000);
  expect(getEntities).not.toHaveBeenCalled();
});

test("a contract that a node does not have is asked for again: it may still be reading its chain", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  vi.mocked(getEntities).mockResolvedValue(success({ Entities: [] }));
  const seeds = { entities: Promise.resolve(fail("sale/wrong_contract")) };
  const { result } = await act(async () => renderHook(() => useSonarEntities(sale), { wrapper: wrapper(seeds) }));
  expect(result.current.error).toBeDefined();
  await act(() => vi.advanceTimersByTimeAsync(61_000));
  expect(result.current.error).toBeUndefined();
});

test("while a failed read is tried again, its error stays instead of a skeleton", async () => {
  const second = deferred<Result<{ Entities: SonarEntity[] }>>();
  vi.mocked(getEntities).mockResolvedValueOnce(fail("api/server_error")).mockReturnValueOnce(second.promise);
  const { result } = renderHook(() => useSonarEntities(sale), { wrapper: wrapper() });
  await waitFor(() => expect(result.current.error).toMatchObject({ code: "api/server_error" }));
  act(() => result.current.refetch());
  await waitFor(() => expect(result.current.refreshing).toBe(true));
  expect(result.current).toMatchObject({ loading: false, error: { code: "api/server_error" } });
  await act(async () => second.resolve(success({ Entities: [] })));
  await waitFor(() => expect(result.current.entities).toEqual([]));
  expect(result.current.error).toBeUndefined();
});

test("nothing is requested without a connection", () => {
  const { result } = renderHook(() => useSonarEntities(sale), { wrapper: wrapper({}, false) });
  expect(result.current).toMatchObject({ authenticated: false, loading: false });
  expect(getEntities).not.toHaveBeenCalled();
});

test("a failed refetch keeps the earlier answer beside the error", async () => {
  vi.mocked(getEntities).mockResolvedValue(fail("api/server_error"));
  const seeds = { entities: Promise.resolve(success({ Entities: [someEntity({ Label: "Ada" })] })) };
  const { result } = await act(() => renderHook(() => useSonarEntities(sale), { wrapper: wrapper(seeds) }));
  act(() => result.current.refetch());
  await waitFor(() => expect(result.current.error).toMatchObject({ code: "api/server_error" }));
  expect(result.current.entities).toHaveLength(1);
});

test.each([
  ["no network", new TypeError("Failed to fetch"), "request/offline"],
  ["a connection that ends in the middle of the answer", new Error("Connection closed."), "request/offline"],
  ["an aborted request", new DOMException("The user aborted a request.", "AbortError"), "request/offline"],
  ["a proxy's page", new Error("An unexpected response was received from the server."), "request/unreadable_answer"],
  ["an error that Next hides", new Error("An error occurred in the Server Components render."), "request/unexpected"],
  ["a body over the limit", new Error("Body exceeded 64 KB limit."), "request/too_large"],
])("an action rejected by %s becomes a Failure", async (_name, rejection, code) => {
  vi.mocked(getEntities).mockRejectedValue(rejection);
  const { result } = renderHook(() => useSonarEntities(sale), { wrapper: wrapper() });
  await waitFor(() => expect(result.current.error).toMatchObject({ code }));
});

test("an answer for an earlier wallet does not replace the one for the current wallet", async () => {
  const first = deferred<Result<{ Entity: SonarEntity }>>();
  const answer = (Label: string) => success({ Entity: someEntity({ Label }) });
  vi.mocked(getEntity).mockReturnValueOnce(first.promise).mockResolvedValueOnce(answer("second"));
  const { result, rerender } = renderHook(({ walletAddress }) => useSonarEntity({ ...sale, walletAddress }), {
    wrapper: wrapper(),
    initialProps: { walletAddress: "0x01" },
  });
  rerender({ walletAddress: "0x02" });
  await waitFor(() => expect(result.current.entity?.Label).toBe("second"));
  await act(async () => first.resolve(answer("first")));
  expect(result.current.entity?.Label).toBe("second");
});

test("an entity that does not exist is no error, as in sonar-react; anything else is", async () => {
  vi.mocked(getEntity).mockResolvedValueOnce(fail("api/not_found", { status: 404 }));
  const read = (entityID: string) =>
    renderHook(() => useSonarEntity({ ...sale, entityID }), { wrapper: wrapper() }).result;
  const unknown = read("AUX-9");
  await waitFor(() => expect(unknown.current.loading).toBe(false));
  expect(unknown.current).toMatchObject({ authenticated: true, loading: false });
  expect([unknown.current.entity, unknown.current.error]).toEqual([undefined, undefined]);
  vi.mocked(getEntity).mockResolvedValueOnce(fail("api/server_error"));
  const failed = read("AUX-1");
  await waitFor(() => expect(failed.current.error).toMatchObject({ code: "api/server_error" }));
});

test("useSonarQuery(action, input) caches each action and input for itself, and needs no name", async () => {
  const read = vi.fn((input: { saleUUID: string }) => Promise.resolve(success(`a ${input.saleUUID}`)));
  const other = vi.fn((input: { saleUUID: string }) => Promise.resolve(success(`b ${input.saleUUID}`)));
  function useAll() {
    return [
      useSonarQuery(read, { saleUUID: "1" }),
      useSonarQuery<{ saleUUID: string }, string>(read, { saleUUID: "1" }),
      useSonarQuery(read, { saleUUID: "2" }),
      useSonarQuery(other, { saleUUID: "1" }),
    ].map(({ data, loading, error }) => ({ data, loading, error }));
  }
  const { result } = renderHook(useAll, { wrapper: wrapper() });
  const ready = (data: string) => ({ data, loading: false, error: undefined });
  await waitFor(() => expect(result.current).toEqual(["a 1", "a 1", "a 2", "b 1"].map(ready)));
  expect([read.mock.calls.length, other.mock.calls.length]).toEqual([2, 1]);
});

test("useSonarPurchase gets the permit when ready, and its failure as an error", async () => {
  vi.mocked(prePurchaseCheck).mockResolvedValue(
    success({ ReadyToPurchase: true, FailureReason: "", LivenessCheckURL: "" }),
  );
  vi.mocked(generatePurchasePermit).mockResolvedValue(fail("sale/entity_not_ready"));
  const { result } = renderHook(() => useSonarPurchase({ ...sale, entityID: "AUX-1", walletAddress: wallet }), {
    wrapper: wrapper(),
  });
  await waitFor(() => expect(result.current.readyToPurchase).toBe(true));
  const ready = result.current;
  if (!ready.readyToPurchase) throw new Error("not ready");
  await expect(ready.generatePurchasePermit()).rejects.toMatchObject({ code: "sale/entity_not_ready" });
});

test("useSonarPurchase says why it is not ready, and an unnamed reason is unknown", async () => {
  vi.mocked(prePurchaseCheck).mockResolvedValue(
    success({ ReadyToPurchase: false, FailureReason: "", LivenessCheckURL: "" }),
  );
  const { result } = renderHook(() => useSonarPurchase({ ...sale, entityID: "AUX-1", walletAddress: wallet }), {
    wrapper: wrapper(),
  });
  await waitFor(() => expect(result.current).toMatchObject({ loading: false, failureReason: "unknown" }));
});

test("the streamed list replaces the fallback", async () => {
  const seed = deferred<Result<{ Entities: ReturnType<typeof someEntity>[] }>>();
  function List() {
    return (
      <p>
        {useSonarEntities(sale)
          .entities?.map(({ Label }) => Label)
          .join()}
      </p>
    );
  }
  await act(async () => render(<List />, { wrapper: wrapper({ entities: seed.promise }) }));
  expect(screen.getByText("streaming")).toBeVisible();
  await act(async () => seed.resolve(success({ Entities: [someEntity({ Label: "Ada" })] })));
  expect(screen.getByText("Ada")).toBeVisible();
});

afterEach(() => {
  vi.clearAllMocks();
});
