import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { Suspense, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { getPositions } from "@/app/actions/sonar";
import { SeedsProvider, type Seeds } from "@/hooks/page-provider";
import { SessionProvider } from "@/hooks/use-session";
import { usePositions } from "@/hooks/use-positions";
import { positionIn, type Position, type Positions } from "@/lib/purchase/position";
import { fail, success, type Result } from "@/lib/result";
import { deferred } from "@/tests/support/deferred";
import { someChain } from "@/tests/support/purchase/some-purchase";

// The action belongs to the server: this test covers the hook's use of its answers.
vi.mock("@/app/actions/sonar", () => ({ getPositions: vi.fn() }));

beforeEach(() => {
  vi.mocked(getPositions).mockReset();
  localStorage.clear();
});

function positionsOf(amount: bigint, block?: bigint): Positions {
  const total = { committed: amount, cancelled: 0n, accepted: 0n, refundable: amount, returned: 0n };
  const bid = { lockup: false, price: 0n, amount };
  const position: Position = { state: "committed", bid, total, rows: [], wallets: [], block };
  return [{ entityID: "AUX-1", position }];
}

function wrapper(seeds: Seeds = {}) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, retryOnMount: false } } });
  const session = { signedIn: true, connected: (["sonar"] as const).slice(), sonarConnected: true, viewKey: "view" };
  return function Wrapper({ children }: { children: ReactNode }) {
    return (
      <QueryClientProvider client={client}>
        <SessionProvider session={session}>
          <SeedsProvider seeds={seeds}>
            <Suspense>{children}</Suspense>
          </SeedsProvider>
        </SessionProvider>
      </QueryClientProvider>
    );
  };
}

test("streamed positions are shown, and no action is called for them", async () => {
  const seeds = { positions: Promise.resolve(success(positionsOf(5n))) };
  const { result } = await act(() => renderHook(() => usePositions(someChain), { wrapper: wrapper(seeds) }));
  expect(positionIn(result.current.positions, "AUX-1")?.bid.amount).toBe(5n);
  expect(getPositions).not.toHaveBeenCalled();
});

test("an answer from before the requested block does not replace a newer one", async () => {
  const old = deferred<Result<Positions>>();
  const seeds = { positions: Promise.resolve(success(positionsOf(5n))) };
  const { result } = await act(() => renderHook(() => usePositions(someChain), { wrapper: wrapper(seeds) }));
  vi.mocked(getPositions).mockReturnValueOnce(old.promise);
  act(() => result.current.refetch());
  vi.mocked(getPositions).mockResolvedValue(success(positionsOf(9n)));
  await act(() => result.current.refetchAt(120));
  await waitFor(() => expect(positionIn(result.current.positions, "AUX-1")?.bid.amount).toBe(9n));
  await act(async () => old.resolve(success(positionsOf(5n))));
  expect(positionIn(result.current.positions, "AUX-1")?.bid.amount).toBe(9n);
});

test("every later read asks for that block too, and never for an earlier one", async () => {
  vi.mocked(getPositions).mockResolvedValue(success(positionsOf(9n)));
  const { result } = renderHook(() => usePositions(someChain), { wrapper: wrapper() });
  await waitFor(() => expect(result.current.positions).toBeDefined());
  await act(() => result.current.refetchAt(120));
  await act(() => result.current.refetchAt(90));
  await act(async () => result.current.refetch());
  const asked = vi.mocked(getPositions).mock.calls.map(([input]) => input.atBlock);
  expect(asked).toEqual([undefined, 120, 120, 120]);
});

test("an older head's answer does not replace a newer one, whose block later reads ask for, and takes nothing away", async () => {
  const seeds = { positions: Promise.resolve(success(positionsOf(150n, 110n))) };
  const { result } = await act(() => renderHook(() => usePositions(someChain), { wrapper: wrapper(seeds) }));
  vi.mocked(getPositions).mockResolvedValueOnce(success(positionsOf(200n, 100n)));
  await act(async () => result.current.refetch());
  await waitFor(() => expect(getPositions).toHaveBeenCalledOnce());
  expect(result.current).toMatchObject({ isBehind: false, newestAsked: 110, positions: positionsOf(150n, 110n) });
  vi.mocked(getPositions).mockResolvedValueOnce(success(positionsOf(160n, 111n)));
  await act(async () => result.current.refetch());
  await waitFor(() => expect(result.current.positions).toEqual(positionsOf(160n, 111n)));
  expect(getPositions).toHaveBeenLastCalledWith(expect.objectContaining({ atBlock: 110 }));
});

test("the block of a request that failed is asked for, and the positions of before stay as good as they are", async () => {
  const seeds = { positions: Promise.resolve(success(positionsOf(150n, 110n))) };
  const { result } = await act(() => renderHook(() => usePositions(someChain), { wrapper: wrapper(seeds) }));
  vi.mocked(getPositions).mockResolvedValue(success(positionsOf(150n, 110n)));
  await act(async () => result.current.refetchFrom(120));
  await waitFor(() => expect(getPositions).toHaveBeenCalledWith(expect.objectContaining({ atBlock: 120 })));
  expect(result.current).toMatchObject({ isBehind: false, newestAsked: 120 });
});

test("after a reload, positions from before the page's own transaction are behind, and are read again at once", async () => {
  vi.mocked(getPositions).mockResolvedValue(success(positionsOf(150n, 120n)));
  const before = await act(() => renderHook(() => usePositions(someChain), { wrapper: wrapper() }));
  await act(() => before.result.current.refetchAt(120));
  before.unmount();
  vi.mocked(getPositions).mockResolvedValue(success(positionsOf(200n, 100n)));
  const seeds = { positions: Promise.resolve(success(positionsOf(200n, 100n))) };
  const { result } = await act(() => renderHook(() => usePositions(someChain), { wrapper: wrapper(seeds) }));
  await waitFor(() => expect(result.current).toMatchObject({ isBehind: true, newestAsked: 120 }));
  expect(getPositions).toHaveBeenLastCalledWith(expect.objectContaining({ atBlock: 120 }));
});

describe("after a transaction, positions that are older than its block", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  async function afterTransactionAt(block: number, chain = someChain) {
    const seeds = { positions: Promise.resolve(success(positionsOf(5n, 100n))) };
    const { result } = await act(() => renderHook(() => usePositions(chain), { wrapper: wrapper(seeds) }));
    await act(() => result.current.refetchAt(block));
    return result;
  }
  const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

  test("are known to be behind, and are read again within seconds until the new ones are there", async () => {
    vi.mocked(getPositions)
      .mockResolvedValueOnce(fail("api/network_error"))
      .mockResolvedValueOnce(success(positionsOf(5n, 119n)))
      .mockResolvedValue(success(positionsOf(9n, 120n)));
    const result = await afterTransactionAt(120);
    await pass(100);
    expect(result.current).toMatchObject({ isBehind: true, error: expect.any(Error) });
    await pass(4_000);
    expect(result.current.isBehind).toBe(true);
    expect(result.current.error).toBeUndefined();
    await pass(4_000);
    expect(result.current).toMatchObject({ isBehind: false, positions: positionsOf(9n, 120n) });
    await pass(50_000);
    expect(getPositions).toHaveBeenCalledTimes(3);
  });

  test("stay so through a long outage, which is asked about less and less often", async () => {
    vi.mocked(getPositions).mockResolvedValue(fail("api/network_error"));
    const result = await afterTransactionAt(120);
    await pass(20 * 60_000);
    expect(result.current.isBehind).toBe(true);
    expect(vi.mocked(getPositions).mock.calls.length).toBeLessThan(70);
    expect(vi.mocked(getPositions)).toHaveBeenLastCalledWith(expect.objectContaining({ atBlock: 120 }));
  });

  test("stay so while a node is stuck, outside of the sandbox", async () => {
    vi.mocked(getPositions).mockResolvedValue(success(positionsOf(5n, 101n)));
    const result = await afterTransactionAt(120, { ...someChain, sandboxWallet: false });
    await pass(20 * 60_000);
    expect(result.current.isBehind).toBe(true);
  });

  test("count again once the sandbox's chain has lost that block", async () => {
    vi.mocked(getPositions).mockResolvedValue(success(positionsOf(5n, 101n)));
    const result = await afterTransactionAt(120);
    await pass(4 * 60_000);
    expect(result.current.isBehind).toBe(true);
    await pass(2 * 60_000);
    expect(result.current.isBehind).toBe(false);
  });
});
