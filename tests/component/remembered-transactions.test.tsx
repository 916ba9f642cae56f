import { act, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { waitForPending, sendRequest, type SaleResult } from "@/lib/wallet/transactions/transactions";
import { deferred } from "@/tests/support/deferred";
import { CONFIRMED, HASH, mount, order, remembered, WALLET } from "@/tests/support/purchase/mount-transactions";

// The flow itself is tested on a real chain; this test covers what the browser remembers of it.
vi.mock("@/lib/wallet/transactions/transactions", () => ({ sendRequest: vi.fn(), waitForPending: vi.fn() }));

beforeEach(() => {
  localStorage.clear();
  vi.mocked(sendRequest).mockReset();
  vi.mocked(waitForPending).mockReset();
});

describe("a transaction of the page", () => {
  it("is remembered from the moment it is sent until its outcome is known", async () => {
    const answer = deferred<SaleResult>();
    vi.mocked(sendRequest).mockImplementation((_chain, _account, _request, { report }) => {
      report({ type: "sent", id: "send", hash: HASH });
      report({ type: "sent", id: "send", hash: HASH, nonce: 4 });
      return answer.promise;
    });
    const { result } = mount();
    const press = result.current.commit(order);
    await waitFor(() => expect(remembered()).toMatchObject({ kind: "commit", hash: HASH, total: "7", nonce: 4 }));
    expect(waitForPending).not.toHaveBeenCalled();
    await act(async () => {
      answer.resolve(CONFIRMED);
      await press;
    });
    expect(remembered()).toBeNull();
  });

  it.each([
    ["an approval", "approve", { kind: "approve", increment: "5", total: "7" }],
    ["the reset before it, which approves nothing,", "reset-allowance", { kind: "reset-allowance", increment: "5" }],
  ] as const)("remembers %s as what it is, until the next step begins", async (_what, id, record) => {
    const answer = deferred<SaleResult>();
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

  it("that is reduced is remembered and reported with what returns and what stays", async () => {
    const answer = deferred<SaleResult>();
    vi.mocked(sendRequest).mockImplementation((_chain, _account, _request, { report }) => {
      report({ type: "sent", id: "send", hash: HASH });
      return answer.promise;
    });
    const { result } = mount();
    const rows = [{ wallet: WALLET, token: order.token.address, amount: 2n } as const];
    const press = result.current.reduce({ rows, amount: 2n, from: 7n, total: 5n });
    const token = order.token.address;
    await waitFor(() => expect(remembered()).toMatchObject({ kind: "reduce", token, takenBack: "2", total: "5" }));
    await act(async () => {
      answer.resolve({ ok: true, confirmed: { block: 9n, done: { token, takenBack: 2n, total: 4n, returned: 3n } } });
      await press;
    });
    expect(result.current.outcome, "with the total that the chain tells").toMatchObject({
      ...{ kind: "reduce", token, takenBack: 2n, total: 4n, returned: 3n, block: 9n },
    });
    expect(remembered()).toBeNull();
  });

  it.each([
    ["kept if the wallet's error leaves open whether it was sent", "unknown", "Check your wallet.", true],
    ["forgotten if the user declined", "user-rejected", "You declined. Nothing was sent.", false],
    ["forgotten if the wallet refused", "gas-shortage", "Not enough ETH. Nothing was sent.", false],
  ] as const)(
    "that the wallet is asked to reduce is remembered at once, and %s",
    async (_what, kind, sentence, isKept) => {
      const before = { block: "3", value: "7:0:false:false" };
      const answer = deferred<SaleResult>();
      vi.mocked(sendRequest).mockImplementation((_chain, _account, _request, { report }) => {
        report({ type: "asked", id: "send", before });
        return answer.promise;
      });
      vi.mocked(waitForPending).mockReturnValue(new Promise(() => undefined));
      const { result } = mount();
      const rows = [{ wallet: WALLET, token: order.token.address, amount: 2n } as const];
      const press = result.current.reduce({ rows, amount: 2n, from: 7n, total: 5n });
      const asked = { kind: "reduce", asked: true, before, takenBack: "2" };
      await waitFor(() => expect(remembered()).toMatchObject(asked));
      answer.resolve({ ok: false, error: { kind, sentence, action: "none" } });
      await act(() => press);
      expect(result.current).toMatchObject({ error: { kind }, busy: isKept });
      if (isKept) expect(remembered()).toMatchObject(asked);
      else expect(remembered()).toBeNull();
    },
  );

  it("that has no hash is remembered by the state before it, and reported without one", async () => {
    const before = { block: "3", value: "0" };
    const outcome = deferred<SaleResult>();
    vi.mocked(sendRequest).mockImplementation((_chain, _account, _request, { report }) => {
      report({ type: "sent", id: "send", before });
      return outcome.promise;
    });
    const { result } = mount();
    const press = result.current.commit(order);
    await waitFor(() => expect(result.current.pending).toMatchObject({ kind: "commit", before, total: "7" }));
    expect(remembered()).not.toHaveProperty("hash");
    outcome.resolve({ ok: true, confirmed: { block: 9n } });
    await act(() => press);
    expect(result.current.outcome).toMatchObject({ kind: "commit", block: 9n });
    expect(remembered()).toBeNull();
  });
});
