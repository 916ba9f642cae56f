import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, renderHook, screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { Suspense, type ReactNode } from "react";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { StripSection } from "@/app/_home/sale-strip";
import { AnnouncerProvider } from "@/hooks/use-announcer";
import { SeedsProvider } from "@/hooks/page-provider";
import { useSaleState } from "@/hooks/use-sale";
import { success } from "@/lib/result";
import { PHASE_WORDS } from "@/lib/sale/phase";
import type { SaleState } from "@/lib/sale/state";
import { someChain } from "@/tests/support/purchase/some-purchase";

const OPEN: SaleState = {
  stage: "commitment",
  paused: false,
  blockTime: 1_800_000_000,
  claimRefundEnabled: false,
  reduceCommitmentEnabled: false,
  tokens: [],
};
const PAUSED: SaleState = { ...OPEN, pausedBySite: true };
const SENTENCE = PHASE_WORDS["paused-by-site"].sentence;

let answer = OPEN;
let reads = 0;
const server = setupServer(
  http.get("*/api/sale", () => ((reads += 1), HttpResponse.json(success(answer)))),
  http.get("*/api/commitments", () => HttpResponse.json(success(COMMITMENTS))),
);
const COMMITMENTS = {
  TotalCommitmentAmount: "5",
  PaymentTokenDecimals: 6,
  UniqueCommitmentCount: 1,
  Commitments: [],
};

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(() => {
  [answer, reads] = [OPEN, 0];
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
});
afterEach(() => void vi.useRealTimers());
afterAll(() => server.close());

function wrapper(first: SaleState) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const seeds = {
    saleState: Promise.resolve(success(first)),
    commitments: Promise.resolve(success(COMMITMENTS)),
  };
  return function Page({ children }: { children: ReactNode }) {
    return (
      <QueryClientProvider client={client}>
        <AnnouncerProvider>
          <SeedsProvider seeds={seeds}>
            <Suspense>{children}</Suspense>
          </SeedsProvider>
        </AnnouncerProvider>
      </QueryClientProvider>
    );
  };
}

/** Lets time pass on the page, with what it reads meanwhile. */
async function pass(ms: number) {
  const before = reads;
  await act(() => vi.advanceTimersByTimeAsync(ms));
  return reads - before;
}

describe("the sale at a glance of an open page", () => {
  const settings = { saleUUID: "sale", setupUrl: "https://sonar.example/", chain: someChain };
  // A promise, so that what the page suspends for arrives.
  const open = (first: SaleState) =>
    act(() =>
      Promise.resolve(
        render(<StripSection settings={settings} renderedAt={Date.now()} />, { wrapper: wrapper(first) }),
      ),
    );
  const heard = () => screen.getByRole("log").textContent;

  it("shows a pause of this site that begins and ends, and says each once", async () => {
    await open(OPEN);
    expect(screen.getByText(PHASE_WORDS.commitment.title)).toBeVisible();
    answer = PAUSED;
    await pass(10_000);
    await vi.waitFor(() => expect(screen.getByText(PHASE_WORDS["paused-by-site"].title)).toBeVisible());
    expect(heard()).toBe(SENTENCE);
    await pass(10_000);
    expect(heard()).toBe(SENTENCE);
    answer = OPEN;
    await pass(10_000);
    await vi.waitFor(() => expect(screen.getByText(PHASE_WORDS.commitment.title)).toBeVisible());
    expect(heard()).toBe(`${SENTENCE}The pause of new commitments has ended.`);
  });

  it("says nothing of a pause that was there when the page was opened", async () => {
    await open(PAUSED);
    expect(screen.getByText(PHASE_WORDS["paused-by-site"].title)).toBeVisible();
    expect(heard()).toBe("");
  });
});

describe("a page with the commitment form", () => {
  const readsIn = async (first: SaleState, committing: boolean, ms: number) => {
    answer = first;
    await act(() => renderHook(() => useSaleState({ committing }), { wrapper: wrapper(first) }));
    return pass(ms);
  };

  it("reads the state so often that a pause shows within five seconds, also behind a cache of a second", async () => {
    expect(await readsIn(OPEN, true, 3_500)).toBeGreaterThan(0);
  });

  it("reads it as often while it is paused, so that the form returns", async () => {
    expect(await readsIn(PAUSED, true, 3_500)).toBeGreaterThan(0);
  });

  it.each([
    ["in another stage", { ...OPEN, stage: "settlement" } as const, true],
    ["without a form", OPEN, false],
  ])("and not so often %s", async (_where, state, committing) => {
    expect(await readsIn(state, committing, 9_000)).toBe(0);
  });
});
