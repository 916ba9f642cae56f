import { act, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { BUSY, COMMITMENT_CHANGED } from "@/lib/purchase/errors/purchase-error";
import { pendingKey, type PendingTransaction } from "@/lib/purchase/pending";
import { waitForPending, sendRequest } from "@/lib/wallet/transactions/transactions";
import type { RequestOutcome } from "@/lib/wallet/transactions/wait-for-request";
import { deferred } from "@/tests/support/deferred";
import {
  CONFIRMED,
  HASH,
  mount,
  order,
  OTHER_HASH,
  OTHER_WALLET,
  pending,
  remembered,
  scope,
} from "@/tests/support/purchase/mount-transactions";

// The flow itself is tested on a real chain; this test covers the page's use of it.
vi.mock("@/lib/wallet/transactions/transactions", () => ({ sendRequest: vi.fn(), waitForPending: vi.fn() }));

beforeEach(() => {
  localStorage.clear();
  vi.mocked(sendRequest).mockReset();
  vi.mocked(waitForPending).mockReset();
});

describe("a transaction that another tab sent in the meantime stays remembered", () => {
  const others: PendingTransaction = { ...pending, kind: "approve", hash: OTHER_HASH };
  const otherTabSends = () => localStorage.setItem(pendingKey(scope), JSON.stringify(others));

  beforeEach(() => void vi.mocked(waitForPending).mockReturnValue(new Promise(() => undefined)));

  it("when this tab's flow stops before it sends anything", async () => {
    vi.mocked(sendRequest).mockImplementation((_chain, _account, _request, { report }) => {
      otherTabSends();
      report({ type: "began", id: "send" });
      return Promise.resolve({ ok: false, error: COMMITMENT_CHANGED });
    });
    const { result } = mount();
    await act(() => result.current.commit(order));
    expect(result.current.error).toEqual(COMMITMENT_CHANGED);
    expect(remembered()).toEqual(others);
  });

  it("when this tab's transaction is in a block", async () => {
    vi.mocked(sendRequest).mockImplementation((_chain, _account, _request, { report }) => {
      report({ type: "sent", id: "send", hash: HASH });
      otherTabSends();
      return Promise.resolve(CONFIRMED);
    });
    const { result } = mount();
    await act(() => result.current.commit(order));
    expect(result.current.outcome).toMatchObject({ hash: HASH });
    expect(remembered()).toEqual(others);
  });
});

describe("a transaction of an earlier page load", () => {
  const done = { increment: 5n, total: 7n };
  beforeEach(() => localStorage.setItem(pendingKey(scope), JSON.stringify(pending)));

  it("is shown at once and awaited, and nothing else is sent", async () => {
    const outcome = deferred<RequestOutcome>();
    vi.mocked(waitForPending).mockReturnValue(outcome.promise);
    const { result, onConfirmed } = mount();
    expect(result.current).toMatchObject({ pending, busy: true });
    await act(() => result.current.commit(order));
    expect(sendRequest).not.toHaveBeenCalled();
    expect(result.current.error).toEqual(BUSY);
    const receipt = { transactionHash: HASH, blockNumber: 12n };
    await act(async () => outcome.resolve({ status: "confirmed", receipt, done } as RequestOutcome));
    await waitFor(() => expect(onConfirmed).toHaveBeenCalledWith(expect.objectContaining({ block: 12n, total: 7n })));
    expect(result.current).toMatchObject({ busy: false, outcome: { kind: "commit" } });
    expect(remembered()).toBeNull();
  });

  it("is reported with what the chain has taken, whatever was asked for", async () => {
    localStorage.setItem(pendingKey(scope), JSON.stringify({ ...pending, increment: "7" }));
    vi.mocked(waitForPending).mockResolvedValue({ status: "noticed", block: 12n, done });
    const { result } = mount();
    await waitFor(() => expect(result.current.outcome).toMatchObject({ increment: 5n, total: 7n, asked: 7n }));
  });

  it("that approved is reported with what the chain allows, and what is still to be added", async () => {
    localStorage.setItem(pendingKey(scope), JSON.stringify({ ...pending, kind: "approve", increment: "7" }));
    vi.mocked(waitForPending).mockResolvedValue({ status: "noticed", block: 12n, done: { approved: 5n } });
    const { result } = mount();
    await waitFor(() => expect(result.current.outcome).toMatchObject({ kind: "approve", increment: 7n, approved: 5n }));
    expect(result.current.outcome).not.toHaveProperty("asked");
  });

  it("is reported with the wallet that sent it, whichever wallet is connected now", async () => {
    const sent = { ...pending, wallet: OTHER_WALLET };
    localStorage.setItem(pendingKey(scope), JSON.stringify(sent));
    const receipt = { transactionHash: HASH, blockNumber: 12n };
    vi.mocked(waitForPending).mockResolvedValue({ status: "confirmed", receipt } as RequestOutcome);
    const { onConfirmed } = mount();
    await waitFor(() => expect(onConfirmed).toHaveBeenCalledWith(expect.objectContaining({ wallet: OTHER_WALLET })));
  });

  it("gets its nonce if that was not known yet, and stays forgotten if it was forgotten", async () => {
    vi.mocked(waitForPending).mockReturnValue(new Promise(() => undefined));
    const { result } = mount();
    await waitFor(() => expect(waitForPending).toHaveBeenCalledOnce());
    const onNonce = vi.mocked(waitForPending).mock.lastCall?.[2].onNonce;
    act(() => onNonce?.(4));
    expect(remembered()).toEqual({ ...pending, nonce: 4 });
    expect(waitForPending).toHaveBeenCalledOnce();
    act(() => result.current.forget());
    act(() => onNonce?.(4));
    expect(remembered()).toBeNull();
  });

  it.each([
    ["reverted", { status: "reverted", receipt: { blockNumber: 12n } } as RequestOutcome, "mined-revert"],
    [
      "replaced",
      { status: "changed", message: { kind: "transaction-replaced" }, receipt: { blockNumber: 12n } } as RequestOutcome,
      "transaction-replaced",
    ],
  ])("that was %s is reported as such, and the state by which it failed is read", async (_what, outcome, kind) => {
    vi.mocked(waitForPending).mockResolvedValue(outcome);
    const { result, onFailed } = mount();
    await waitFor(() => expect(result.current.error).toMatchObject({ kind }));
    expect(result.current.busy).toBe(false);
    expect(onFailed).toHaveBeenCalledExactlyOnceWith(12n);
  });

  it("is awaited again if the code for it could not be loaded, and can be dismissed in the meantime", async () => {
    vi.useFakeTimers();
    const receipt = { transactionHash: HASH, blockNumber: 12n };
    const confirmed = { status: "confirmed", receipt } as RequestOutcome;
    vi.mocked(waitForPending).mockRejectedValueOnce(new Error("ChunkLoadError")).mockResolvedValue(confirmed);
    const { result, onConfirmed } = mount();
    await vi.waitFor(() => expect(result.current.slow).toBe(true));
    const error = { kind: "not-loaded", action: "reload-page", sentence: expect.stringContaining("It is not lost.") };
    expect(result.current).toMatchObject({ busy: true, pending, error });
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    await vi.waitFor(() => expect(onConfirmed).toHaveBeenCalledOnce());
    expect(result.current.busy).toBe(false);
    expect(result.current.error).toBeUndefined();
    vi.useRealTimers();
  });

  it("that is known by its effect only is awaited and reported, and a second one after it too", async () => {
    const { hash: _hash, ...hashless } = pending;
    const watched = { ...hashless, before: { block: "3", value: "0" } };
    localStorage.setItem(pendingKey(scope), JSON.stringify(watched));
    vi.mocked(waitForPending).mockResolvedValue({ status: "noticed", block: 12n, done });
    const { result, onConfirmed } = mount();
    await waitFor(() => expect(onConfirmed).toHaveBeenCalledWith(expect.objectContaining({ block: 12n, total: 7n })));
    expect(vi.mocked(waitForPending).mock.lastCall?.[1]).toEqual(watched);
    expect(result.current).toMatchObject({ busy: false, outcome: { kind: "commit" } });
    expect(remembered()).toBeNull();
    localStorage.setItem(pendingKey(scope), JSON.stringify({ ...watched, sentAt: 2 }));
    act(() => void window.dispatchEvent(new StorageEvent("storage", { key: pendingKey(scope) })));
    await waitFor(() => expect(onConfirmed).toHaveBeenCalledTimes(2));
  });

  it.each([
    ["an old version's", { hash: null }],
    ["one of a wallet that answered with an object", { hash: { hash: "0x" } }],
    ["rubbish", { total: {} }],
  ])("whose record is %s is forgotten, and another can be sent", async (_what, changes) => {
    localStorage.setItem(pendingKey(scope), JSON.stringify({ ...pending, ...changes }));
    vi.mocked(sendRequest).mockResolvedValue(CONFIRMED);
    const { result } = mount();
    expect(result.current).toMatchObject({ busy: false });
    await act(() => result.current.commit(order));
    expect(result.current.outcome).toMatchObject({ hash: HASH });
    expect(waitForPending).not.toHaveBeenCalled();
  });

  it("can be dismissed by the user, who knows their wallet", () => {
    vi.mocked(waitForPending).mockReturnValue(new Promise(() => undefined));
    const { result } = mount();
    act(() => result.current.forget());
    expect(result.current).toMatchObject({ busy: false });
    expect(result.current.pending).toBeUndefined();
  });
});

it("a transaction that another tab sends is known here at once", () => {
  vi.mocked(waitForPending).mockReturnValue(new Promise(() => undefined));
  const { result } = mount();
  expect(result.current.busy).toBe(false);
  localStorage.setItem(pendingKey(scope), JSON.stringify(pending));
  act(() => void window.dispatchEvent(new StorageEvent("storage", { key: pendingKey(scope) })));
  expect(result.current).toMatchObject({ busy: true, pending: { hash: HASH } });
});
