import { act, renderHook, waitFor } from "@testing-library/react";
import type { Hex } from "viem";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { useSaleContract } from "@/hooks/use-sale-contract";
import type { CommitOrder } from "@/hooks/wallet/lazy/commit-order";
import { awaitPending, sendRequest, type SaleAnswer } from "@/hooks/wallet/lazy/transactions";
import type { SentOutcome } from "@/hooks/wallet/lazy/wait-for-outcome";
import { pendingKey, type PendingTransaction } from "@/lib/sale/pending-transaction";
import { BUSY, CHANGED_MEANWHILE, PAGE_BUSY } from "@/lib/sale/purchase-error";
import type { SaleChain } from "@/lib/sale/sale-chain";
import { deferred } from "@/tests/support/deferred";

// The flow itself is tested on a real chain; here it is about what the page makes of it.
vi.mock("@/hooks/wallet/lazy/transactions", () => ({ sendRequest: vi.fn(), awaitPending: vi.fn() }));

const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const OTHER_WALLET = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const CONTRACT = "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0";
const ENTITY = "0x11111111111111111111111111111111";
const HASH = `0x${"ab".repeat(32)}` as const;
const OTHER_HASH = `0x${"cd".repeat(32)}` as const;

const chain: SaleChain = {
  chainId: 31337,
  chainName: "Sandbox",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  contract: CONTRACT,
  rpcUrls: [],
  sandboxWallet: true,
};

const order: Omit<CommitOrder, "entityId"> = {
  saleUUID: "sale",
  token: { address: WALLET, symbol: "USDC", decimals: 6 },
  increment: 5n,
  wantsLockup: false,
  expected: { amount: 7n, lockup: false, price: 0n },
  getPermit: () => Promise.reject(new Error("not asked for here")),
};

const scope = { chainId: 31337, contract: CONTRACT, entityId: ENTITY } as const;
const pending: PendingTransaction = { ...scope, kind: "commit", hash: HASH, wallet: WALLET, sentAt: 1, total: "7" };
const CONFIRMED: SaleAnswer = { ok: true, confirmed: { hash: HASH, block: 9n } };

function remembered(): unknown {
  return JSON.parse(localStorage.getItem(pendingKey(scope)) ?? "null");
}

function mount(entityId: Hex = ENTITY) {
  const onConfirmed = vi.fn();
  const hook = renderHook(() => useSaleContract({ chain, entityId, wallet: WALLET, onConfirmed }));
  return { ...hook, onConfirmed };
}

beforeEach(() => {
  localStorage.clear();
  vi.mocked(sendRequest).mockReset();
  vi.mocked(awaitPending).mockReset();
});

describe("a commitment from the page", () => {
  it("is sent once, however often the button is pressed", async () => {
    const answer = deferred<SaleAnswer>();
    vi.mocked(sendRequest).mockReturnValue(answer.promise);
    const { result, onConfirmed } = mount();
    // Of the same render, as a second press is that comes before the first has been rendered.
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

  it("is remembered from the moment it is sent until its outcome is known", async () => {
    const answer = deferred<SaleAnswer>();
    vi.mocked(sendRequest).mockImplementation((_chain, _account, _request, { report }) => {
      report({ type: "sent", id: "send", hash: HASH });
      report({ type: "sent", id: "send", hash: HASH, nonce: 4 });
      return answer.promise;
    });
    const { result } = mount();
    const press = result.current.commit(order);
    await waitFor(() => expect(remembered()).toMatchObject({ kind: "commit", hash: HASH, total: "7", nonce: 4 }));
    expect(awaitPending).not.toHaveBeenCalled();
    await act(async () => {
      answer.resolve(CONFIRMED);
      await press;
    });
    expect(remembered()).toBeNull();
  });

  it.each([
    ["an approval", "approve", { kind: "approve", increment: "5", total: "7" }],
    ["the reset before it, which approves nothing,", "reset-allowance", { kind: "reset-allowance", token: WALLET }],
  ] as const)("remembers %s as what it is, until the next step begins", async (_what, id, record) => {
    const answer = deferred<SaleAnswer>();
    const next = deferred<void>();
    vi.mocked(sendRequest).mockImplementation(async (_chain, _account, _request, { report }) => {
      report({ type: "sent", id, hash: HASH });
      await next.promise;
      report({ type: "began", id: "permit" });
      return answer.promise;
    });
    const { result } = mount();
    const press = result.current.commit(order);
    await waitFor(() => expect(remembered()).toMatchObject({ hash: HASH, ...record }));
    expect(result.current.pending).toEqual(remembered());
    await act(async () => next.resolve());
    expect(remembered()).toBeNull();
    await act(async () => {
      answer.resolve(CONFIRMED);
      await press;
    });
  });

  it("that stops leaves its reason and no memory, and another can be sent", async () => {
    vi.mocked(sendRequest).mockResolvedValueOnce({ ok: false, error: CHANGED_MEANWHILE }).mockResolvedValue(CONFIRMED);
    const { result, onConfirmed } = mount();
    await act(() => result.current.commit(order));
    expect(result.current).toMatchObject({ error: CHANGED_MEANWHILE, busy: false });
    expect(onConfirmed).not.toHaveBeenCalled();
    await act(() => result.current.commit(order));
    expect(result.current.error).toBeUndefined();
    expect(result.current.outcome).toBeDefined();
  });

  it("is told in words when the code for it cannot be loaded", async () => {
    vi.mocked(sendRequest).mockRejectedValue(new Error("ChunkLoadError"));
    const { result } = mount();
    await act(() => result.current.commit(order));
    expect(result.current.error).toMatchObject({ kind: "not-loaded", action: "retry" });
  });
});

describe("what another tab has sent meanwhile stays remembered", () => {
  const others: PendingTransaction = { ...pending, kind: "approve", hash: OTHER_HASH };
  const otherTabSends = () => localStorage.setItem(pendingKey(scope), JSON.stringify(others));

  beforeEach(() => void vi.mocked(awaitPending).mockReturnValue(new Promise(() => undefined)));

  it("when the flow of this tab stops before it has sent anything", async () => {
    vi.mocked(sendRequest).mockImplementation((_chain, _account, _request, { report }) => {
      otherTabSends();
      report({ type: "began", id: "send" });
      return Promise.resolve({ ok: false, error: CHANGED_MEANWHILE });
    });
    const { result } = mount();
    await act(() => result.current.commit(order));
    expect(result.current.error).toEqual(CHANGED_MEANWHILE);
    expect(remembered()).toEqual(others);
  });

  it("when what this tab has sent is in a block", async () => {
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

describe("while a transaction of this page is under way", () => {
  it.each<[string, Hex, boolean]>([
    ["another entity", `0x${"22".repeat(16)}`, false],
    ["the same entity that is shown anew", ENTITY, true],
  ])("a press of a button of %s is answered in words", async (_of, entityId, isGone) => {
    const answer = deferred<SaleAnswer>();
    vi.mocked(sendRequest).mockReturnValue(answer.promise);
    const first = mount();
    const press = first.result.current.commit(order);
    if (isGone) first.unmount();
    const { result } = mount(entityId);
    await act(() => result.current.claimRefund());
    expect(result.current).toMatchObject({ error: PAGE_BUSY, busy: false });
    await act(async () => {
      answer.resolve(CONFIRMED);
      await press;
    });
    await act(() => result.current.claimRefund());
    expect(result.current).toMatchObject({ outcome: { kind: "refund" } });
    expect(result.current.error).toBeUndefined();
  });
});

describe("a transaction of an earlier page load", () => {
  beforeEach(() => localStorage.setItem(pendingKey(scope), JSON.stringify(pending)));

  it("is shown at once and awaited; nothing else is sent", async () => {
    const outcome = deferred<SentOutcome>();
    vi.mocked(awaitPending).mockReturnValue(outcome.promise);
    const { result, onConfirmed } = mount();
    expect(result.current).toMatchObject({ pending, busy: true });
    await act(() => result.current.commit(order));
    expect(sendRequest).not.toHaveBeenCalled();
    expect(result.current.error).toEqual(BUSY);
    const receipt = { transactionHash: HASH, blockNumber: 12n };
    await act(async () => outcome.resolve({ status: "confirmed", receipt } as SentOutcome));
    await waitFor(() => expect(onConfirmed).toHaveBeenCalledWith(expect.objectContaining({ block: 12n, total: 7n })));
    expect(result.current).toMatchObject({ busy: false, outcome: { kind: "commit" } });
    expect(remembered()).toBeNull();
  });

  it("is told with the wallet that sent it, whichever is connected now or none", async () => {
    const sent = { ...pending, wallet: OTHER_WALLET };
    localStorage.setItem(pendingKey(scope), JSON.stringify(sent));
    const receipt = { transactionHash: HASH, blockNumber: 12n };
    vi.mocked(awaitPending).mockResolvedValue({ status: "confirmed", receipt } as SentOutcome);
    const { onConfirmed } = mount();
    await waitFor(() => expect(onConfirmed).toHaveBeenCalledWith(expect.objectContaining({ wallet: OTHER_WALLET })));
  });

  it.each([
    ["reverted", { status: "reverted" } as SentOutcome, "mined-revert"],
    [
      "replaced",
      { status: "changed", message: { kind: "transaction-replaced" } } as SentOutcome,
      "transaction-replaced",
    ],
  ])("that was %s is told so", async (_what, outcome, kind) => {
    vi.mocked(awaitPending).mockResolvedValue(outcome);
    const { result } = mount();
    await waitFor(() => expect(result.current.error).toMatchObject({ kind }));
    expect(result.current.busy).toBe(false);
  });

  it("can be put away by the user, who knows his wallet", () => {
    vi.mocked(awaitPending).mockReturnValue(new Promise(() => undefined));
    const { result } = mount();
    act(() => result.current.forget());
    expect(result.current).toMatchObject({ busy: false });
    expect(result.current.pending).toBeUndefined();
  });
});

it("what another tab sends is known here at once", () => {
  vi.mocked(awaitPending).mockReturnValue(new Promise(() => undefined));
  const { result } = mount();
  expect(result.current.busy).toBe(false);
  localStorage.setItem(pendingKey(scope), JSON.stringify(pending));
  act(() => void window.dispatchEvent(new StorageEvent("storage", { key: pendingKey(scope) })));
  expect(result.current).toMatchObject({ busy: true, pending: { hash: HASH } });
});
