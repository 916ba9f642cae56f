import { act, waitFor } from "@testing-library/react";
import type { Hex } from "viem";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { COMMITMENT_CHANGED, OTHER_TAB_BUSY, PAGE_BUSY } from "@/lib/purchase/errors/purchase-error";
import { pendingKey } from "@/lib/purchase/pending";
import { waitForPending, sendRequest, type SaleResult } from "@/lib/wallet/transactions/transactions";
import { deferred } from "@/tests/support/deferred";
import { CONFIRMED, ENTITY, HASH, mount, order, scope, WALLET } from "@/tests/support/purchase/mount-transactions";

// The flow itself is tested on a real chain; this test covers the page's use of it.
vi.mock("@/lib/wallet/transactions/transactions", () => ({ sendRequest: vi.fn(), waitForPending: vi.fn() }));

beforeEach(() => {
  localStorage.clear();
  vi.mocked(sendRequest).mockReset();
  vi.mocked(waitForPending).mockReset();
});

describe("a commitment from the page", () => {
  it("is sent once, however often the button is pressed", async () => {
    const answer = deferred<SaleResult>();
    vi.mocked(sendRequest).mockReturnValue(answer.promise);
    const { result, onConfirmed } = mount();
    // From the same render: a second press comes before the first has been rendered.
    const { commit, cancel } = result.current;
    const press = commit(order);
    await waitFor(() => expect(sendRequest).toHaveBeenCalled());
    expect(result.current.busy).toBe(true);
    void commit(order);
    void cancel();
    await waitFor(() => expect(result.current.steps).toHaveLength(7));
    await act(async () => {
      answer.resolve(CONFIRMED);
      await press;
    });
    expect(sendRequest).toHaveBeenCalledTimes(1);
    expect(result.current.error).toBeUndefined();
    expect(onConfirmed).toHaveBeenCalledExactlyOnceWith(result.current.outcome);
    expect(result.current.outcome).toMatchObject({
      kind: "commit",
      wallet: WALLET,
      block: 9n,
      increment: 5n,
      total: 7n,
    });
    expect(result.current.busy).toBe(false);
  });

  it("is reported with what the chain has taken, and beside it what was asked for if that is another amount", async () => {
    const done = { token: order.token.address, increment: 1n, total: 7n, bidPrice: 0n };
    vi.mocked(sendRequest).mockResolvedValue({ ok: true, confirmed: { hash: HASH, block: 9n, done } });
    const { result, onConfirmed } = mount();
    await act(() => result.current.commit(order));
    expect(result.current.outcome).toEqual({
      kind: "commit",
      wallet: WALLET,
      hash: HASH,
      block: 9n,
      ...done,
      asked: 5n,
    });
    expect(onConfirmed).toHaveBeenCalledExactlyOnceWith(result.current.outcome);
  });

  it("whose amounts the chain does not tell is reported without any", async () => {
    vi.mocked(sendRequest).mockResolvedValue({ ok: true, confirmed: { hash: HASH, block: 9n } });
    const { result } = mount();
    await act(() => result.current.cancel([{ wallet: WALLET, token: order.token.address, amount: 7n }]));
    const { takenBack, ...outcome } = result.current.outcome ?? {};
    expect(outcome).toMatchObject({ kind: "cancel", block: 9n });
    expect(takenBack).toBeUndefined();
  });

  it("is sent on top of no older state than the page has seen", async () => {
    vi.mocked(sendRequest).mockResolvedValue(CONFIRMED);
    const { result } = mount(ENTITY, 8n);
    await act(() => result.current.commit(order));
    const [, , , options] = vi.mocked(sendRequest).mock.lastCall ?? [];
    expect(options).toMatchObject({ seen: 8n });
  });

  it("that stops shows its reason and is forgotten, and another can be sent", async () => {
    vi.mocked(sendRequest).mockResolvedValueOnce({ ok: false, error: COMMITMENT_CHANGED }).mockResolvedValue(CONFIRMED);
    const { result, onConfirmed, onFailed } = mount();
    await act(() => result.current.commit(order));
    expect(result.current).toMatchObject({ error: COMMITMENT_CHANGED, busy: false });
    expect([onConfirmed, onFailed].flatMap((told) => told.mock.calls)).toEqual([]);
    await act(() => result.current.commit(order));
    expect(result.current.error).toBeUndefined();
    expect(result.current.outcome).toBeDefined();
  });

  it("that fails with a transaction in a block is told with that block", async () => {
    vi.mocked(sendRequest).mockImplementation(async (_chain, _account, _request, { onMined }) => {
      onMined?.(9n);
      return { ok: false, error: COMMITMENT_CHANGED };
    });
    const { result, onFailed } = mount();
    await act(() => result.current.commit(order));
    expect(onFailed).toHaveBeenCalledExactlyOnceWith(9n);
  });

  it("is not called slow because the approval before it was", async () => {
    const answer = deferred<SaleResult>();
    const next = deferred<void>();
    vi.mocked(sendRequest).mockImplementation(async (_chain, _account, _request, { report, onSlow }) => {
      report({ type: "sent", id: "approve", hash: HASH });
      onSlow?.();
      await next.promise;
      report({ type: "began", id: "permit" });
      return answer.promise;
    });
    const { result } = mount();
    const press = result.current.commit(order);
    await waitFor(() => expect(result.current.slow).toBe(true));
    await act(async () => next.resolve());
    expect(result.current.slow).toBe(false);
    await act(async () => {
      answer.resolve(CONFIRMED);
      await press;
    });
  });

  it("is not sent while another tab of this browser sends for the same entity", async () => {
    const request = vi.fn((_name: string, _options: unknown, work: (lock: Lock | null) => Promise<boolean>) =>
      work(null),
    );
    vi.stubGlobal("navigator", { ...navigator, locks: { request } });
    const { result } = mount();
    await act(() => result.current.commit(order));
    expect(sendRequest).not.toHaveBeenCalled();
    expect(result.current).toMatchObject({ error: OTHER_TAB_BUSY, busy: false });
    expect(request).toHaveBeenCalledWith(pendingKey(scope), { ifAvailable: true }, expect.any(Function));
  });

  it.each([
    ["the site may have been updated", true, "reload-page", /Nothing was sent\..* so reload this page\.$/],
    ["the browser is offline", false, "retry", /Nothing was sent\. Check your connection and try again\.$/],
  ])("is explained if its code cannot be loaded: %s", async (_why, isOnline, action, sentence) => {
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(isOnline);
    vi.mocked(sendRequest).mockRejectedValue(new Error("ChunkLoadError"));
    const { result } = mount();
    await act(() => result.current.commit(order));
    const error = { kind: "not-loaded", action, sentence: expect.stringMatching(sentence) };
    expect(result.current.error).toMatchObject(error);
  });
});

describe("while a transaction of this page is in progress", () => {
  it.each<[string, Hex, boolean]>([
    ["another entity", `0x${"22".repeat(16)}`, false],
    ["the same entity that is shown anew", ENTITY, true],
  ])("a press of a button of %s gets an explanation", async (_of, entityId, isGone) => {
    const answer = deferred<SaleResult>();
    vi.mocked(sendRequest).mockReturnValue(answer.promise);
    const first = mount();
    const press = first.result.current.commit(order);
    if (isGone) first.unmount();
    const { result } = mount(entityId);
    await act(() => result.current.claimRefund());
    expect(result.current).toMatchObject({ error: PAGE_BUSY, busy: false, elsewhere: true });
    await act(async () => {
      answer.resolve(CONFIRMED);
      await press;
    });
    expect(result.current, "the explanation has gone with its reason").toMatchObject({
      error: undefined,
      elsewhere: false,
    });
    await act(() => result.current.claimRefund());
    expect(result.current).toMatchObject({ outcome: { kind: "refund" } });
    expect(result.current.error).toBeUndefined();
  });

  it("waiting for it is ended also from a later view of the same entity, and not by another entity", async () => {
    const answers = deferred<SaleResult>();
    vi.mocked(sendRequest).mockReturnValue(answers.promise);
    const first = mount();
    const press = first.result.current.commit(order);
    await waitFor(() => expect(sendRequest).toHaveBeenCalled());
    const signal = vi.mocked(sendRequest).mock.lastCall?.[3].signal;
    first.unmount();
    mount(`0x${"22".repeat(16)}`).result.current.forget();
    expect(signal?.aborted).toBe(false);
    mount().result.current.forget();
    expect(signal?.aborted).toBe(true);
    await act(async () => {
      answers.resolve(CONFIRMED);
      await press;
    });
  });
});
