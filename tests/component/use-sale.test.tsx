import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { Suspense, type ReactNode } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { SeedsProvider, type Seeds } from "@/hooks/page-provider";
import { useChainTime, useCommitmentData, useSaleState } from "@/hooks/use-sale";
import { noteServerTime, serverNow, useServerTime } from "@/hooks/use-server-time";
import { fail, success } from "@/lib/result";
import type { SaleState } from "@/lib/sale/state";

const sale = { saleUUID: "5a1e0000-7e57-4a1e-8b2c-2c0ffee5a1e1" };
const ADDRESS = "*/api/commitments";
const server = setupServer();

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  server.resetHandlers();
  vi.useRealTimers();
});
afterAll(() => server.close());

const STATE: SaleState = {
  stage: "commitment",
  paused: false,
  blockTime: 1_800_000_000,
  claimRefundEnabled: false,
  reduceCommitmentEnabled: false,
  tokens: [],
};

function commitmentData(total: string) {
  return { TotalCommitmentAmount: total, PaymentTokenDecimals: 6, UniqueCommitmentCount: 1, Commitments: [] };
}

function wrapper(seeds: Seeds = {}) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, retryOnMount: false } } });
  return function Wrapper({ children }: { children: ReactNode }) {
    return (
      <QueryClientProvider client={client}>
        <SeedsProvider seeds={seeds}>
          <Suspense>{children}</Suspense>
        </SeedsProvider>
      </QueryClientProvider>
    );
  };
}

test("the figures are read from this site's own route", async () => {
  server.use(http.get(ADDRESS, () => HttpResponse.json(success(commitmentData("5")))));
  const { result } = renderHook(() => useCommitmentData(sale), { wrapper: wrapper() });
  expect(result.current.loading).toBe(true);
  await waitFor(() => expect(result.current.commitmentData?.TotalCommitmentAmount).toBe("5"));
});

test.each([999, 0, -1, NaN])("polling every %s ms is refused, as in sonar-react", (pollingIntervalMs) => {
  vi.spyOn(console, "error").mockReturnValue();
  const read = () => renderHook(() => useCommitmentData({ ...sale, pollingIntervalMs }), { wrapper: wrapper() });
  expect(read).toThrow("at least 1000 milliseconds");
});

test("a failed poll keeps the last good figures beside the error", async () => {
  server.use(http.get(ADDRESS, () => HttpResponse.json(fail("api/server_error", { status: 503 }), { status: 503 })));
  const seeds = { commitments: Promise.resolve(success(commitmentData("7"))) };
  const { result } = await act(() => renderHook(() => useCommitmentData(sale), { wrapper: wrapper(seeds) }));
  act(() => result.current.refetch());
  await waitFor(() => expect(result.current.error).toMatchObject({ code: "api/server_error" }));
  expect(result.current.commitmentData?.TotalCommitmentAmount).toBe("7");
});

test("it polls at the interval it is given", async () => {
  let answers = 0;
  server.use(http.get(ADDRESS, () => HttpResponse.json(success(commitmentData(String(++answers))))));
  renderHook(() => useCommitmentData({ ...sale, pollingIntervalMs: 1_000 }), { wrapper: wrapper() });
  await waitFor(() => expect(answers).toBeGreaterThan(1));
});

test.each([
  [
    "a proxy's error page",
    () => HttpResponse.text("<h1>Bad gateway</h1>", { status: 502 }),
    "request/unreadable_answer",
  ],
  ["a network's own page", () => HttpResponse.json({ login: "required" }), "request/unreadable_answer"],
  ["nothing in the answer", () => HttpResponse.json(null), "request/unreadable_answer"],
  ["no network", () => HttpResponse.error(), "request/offline"],
])("%s is a Failure, not a crash", async (_name, answer, code) => {
  server.use(http.get(ADDRESS, answer));
  const { result } = renderHook(() => useCommitmentData(sale), { wrapper: wrapper() });
  await waitFor(() => expect(result.current.error).toMatchObject({ code }));
});

test("what failed without a network is read again once there is one, without a press", async () => {
  server.use(http.get(ADDRESS, () => HttpResponse.error()));
  const { result } = renderHook(() => useCommitmentData(sale), { wrapper: wrapper() });
  await waitFor(() => expect(result.current.error).toMatchObject({ code: "request/offline" }));
  server.use(http.get(ADDRESS, () => HttpResponse.json(success(commitmentData("5")))));
  window.dispatchEvent(new Event("offline"));
  window.dispatchEvent(new Event("online"));
  await waitFor(() => expect(result.current.commitmentData?.TotalCommitmentAmount).toBe("5"));
  expect(result.current.error).toBeUndefined();
});

test.each([
  ["ahead", 1],
  ["behind", -1],
])("ages are counted by the server's time of its answers, with a clock that is a day %s", async (_name, sign) => {
  const renderedAt = Date.parse("2026-11-21T10:00:00Z");
  vi.useFakeTimers({ now: renderedAt + sign * 86_400_000, toFake: ["Date", "setInterval", "clearInterval"] });
  const answer = (at: number, headers = {}) =>
    new Response(null, { headers: { Date: new Date(at).toUTCString(), ...headers } });
  noteServerTime(answer(renderedAt));
  const { result } = renderHook(() => useServerTime(renderedAt, 30_000));
  expect(result.current).toBe(renderedAt);
  act(() => void vi.advanceTimersByTime(60_000));
  expect(result.current).toBe(renderedAt + 60_000);

  const answeredAt = renderedAt + 120_000;
  noteServerTime(answer(answeredAt));
  expect(serverNow()).toBe(answeredAt);
  noteServerTime(answer(answeredAt, { Age: "10" }));
  noteServerTime(new Response());
  act(() => void vi.advanceTimersByTime(30_000));
  expect(result.current).toBe(answeredAt + 40_000);
});

test("the browser asks for the sale's state if the page did not wait for a slow chain", async () => {
  server.use(http.get("*/api/sale", () => HttpResponse.json(success(STATE))));
  const seeds = { saleState: Promise.resolve(undefined) };
  const { result } = await act(() => renderHook(useSaleState, { wrapper: wrapper(seeds) }));
  await waitFor(() => expect(result.current.saleState).toEqual(STATE));
});

test("the chain's time runs on from the latest block, whatever the visitor's clock says, and restarts at the next block", () => {
  vi.useFakeTimers({ now: 0 });
  const { result, rerender } = renderHook(({ blockTime }) => useChainTime(blockTime, 5_000), {
    initialProps: { blockTime: 1_800_000_000 },
  });
  expect(result.current).toBe(1_800_000_000);
  void act(() => vi.advanceTimersByTime(10_000));
  expect(result.current).toBe(1_800_000_010);
  vi.setSystemTime(86_400_000);
  void act(() => vi.advanceTimersByTime(5_000));
  expect(result.current).toBe(1_800_000_015);
  rerender({ blockTime: 1_800_000_012 });
  expect(result.current).toBe(1_800_000_012);
  vi.useRealTimers();
});

test("a part of the page that hydrates late first shows what the server rendered, and then what has been read since", async () => {
  server.use(http.get("*/api/sale", () => HttpResponse.json(success(STATE))));
  const Part = () => <p>{useSaleState().saleState?.stage ?? "loading"}</p>;
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: 60_000 } } });
  const page = (
    <QueryClientProvider client={client}>
      <Part />
    </QueryClientProvider>
  );
  const container = document.body.appendChild(document.createElement("div"));
  container.innerHTML = renderToString(page);
  expect(container).toHaveTextContent("loading");
  // Another part of the page has hydrated before, and has asked.
  client.setQueryData(["saleState"], STATE);
  const onRecoverableError = vi.fn();
  await act(async () => hydrateRoot(container, page, { onRecoverableError }));
  expect(onRecoverableError).not.toHaveBeenCalled();
  expect(container).toHaveTextContent("commitment");
});
