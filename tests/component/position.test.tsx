import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { PositionCard } from "@/components/purchase/position";
import { RefundActions } from "@/components/purchase/refund-actions";
import type { PositionAction } from "@/lib/purchase/position";
import { parsePriceTick } from "@/lib/purchase/price";
import { ANN, rowOf, TOKENS, twoWalletPosition, USDC, USDT } from "@/tests/support/purchase/some-purchase";

describe("the position", () => {
  it("shows the total, and each wallet with its token", () => {
    render(<PositionCard position={twoWalletPosition()} tokens={TOKENS} />);
    expect(screen.getByRole("region", { name: "Your position" })).toHaveTextContent("135.50 USDC and USDT");
    const rows = within(screen.getByRole("list", { name: "By wallet" })).getAllByRole("listitem");
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/79C8125\.50 USDC$/),
      expect.stringMatching(/93BC10 USDT$/),
    ]);
  });

  it.each([
    ["cancelled", "Ended", "Paid back"],
    ["settled", "Settled", "To be paid back"],
    ["refunded", "Refunded", "Accepted"],
  ] as const)("that is %s says so", (state, badge, term) => {
    render(<PositionCard position={twoWalletPosition({ state })} tokens={TOKENS} />);
    expect(screen.getByText(badge)).toBeVisible();
    expect(screen.getByText(term)).toBeVisible();
  });

  it("names the tokens in each sum", () => {
    const parts = { accepted: 125_500_000n, refundable: 10_000_000n };
    const total = { committed: 135_500_000n, cancelled: 0n, returned: 0n, ...parts };
    const rows = [
      { ...rowOf("ann", USDC, 0n), committed: 125_500_000n, accepted: 125_500_000n },
      rowOf("ben", USDT, 10_000_000n),
    ];
    render(<PositionCard position={twoWalletPosition({ state: "settled", total, rows })} tokens={TOKENS} />);
    const sum = (term: string) => screen.getByText(term).nextElementSibling?.textContent;
    expect(["Committed", "Accepted", "To be paid back"].map(sum)).toEqual([
      "135.50 USDC and USDT",
      "125.50 USDC",
      "10 USDT",
    ]);
  });

  it("that the operator may have taken down is not said to have been cancelled by its holder", () => {
    const total = { committed: 0n, cancelled: 125_500_000n, accepted: 0n, refundable: 0n, returned: 125_500_000n };
    const rows = [{ ...rowOf("ann", USDC, 0n), cancelled: 125_500_000n, returned: 125_500_000n }];
    render(<PositionCard position={twoWalletPosition({ state: "cancelled", total, rows })} tokens={TOKENS} />);
    const card = screen.getByRole("region", { name: "Your position" });
    expect(card).toHaveTextContent(
      "cancelled by the entity or taken down by the sale's operator. Everything was paid back.",
    );
    expect(card).not.toHaveTextContent(/you.{0,20}cancelled/i);
    expect(within(card).getByRole("list", { name: "Paid back to" })).toHaveTextContent("125.50 USDC");
  });

  describe("that is settled", () => {
    const price = { numerator: 215n, denominator: 10_000n };
    const offer = { token: { symbol: "ACME", decimals: 18 }, pricing: { kind: "fixed", price } } as const;
    const settled = (accepted: bigint) => {
      const row = { ...rowOf("ann", USDC, 0n), committed: 125_500_000n, accepted, refundable: 125_500_000n - accepted };
      const { wallet: _wallet, token: _token, ...total } = row;
      return (
        <PositionCard
          position={twoWalletPosition({ state: "settled", total, rows: [row] })}
          tokens={TOKENS}
          offer={offer}
        />
      );
    };
    const allocated = () => screen.getByText("Tokens allocated").nextElementSibling?.textContent;

    it("says how many tokens the accepted amount buys, and 'about' only where that is not exact", () => {
      const { rerender } = render(settled(43_000_000n));
      expect(allocated()).toBe("2,000.00 ACME");
      rerender(settled(50_200_000n));
      expect(allocated()).toBe("about 2,334.88 ACME");
      rerender(settled(0n));
      expect(allocated()).toBe("0 ACME");
    });

    it("says what comes back to which wallet", () => {
      render(settled(43_000_000n));
      const row = within(screen.getByRole("list", { name: "Comes back to" })).getByRole("listitem");
      expect(row).toHaveTextContent(/79C882\.50 USDC$/);
    });
  });

  it.each([
    ["committed", ["Committed", "Accepted so far", "Paid back"], ["100 USDC", "100 USDC", "25.50 USDC"]],
    [
      "settled",
      ["Committed", "Accepted", "To be paid back", "Paid back before"],
      ["100 USDC", "100 USDC", "0 USDC", "25.50 USDC"],
    ],
  ] as const)("that was accepted in part and cancelled in part (%s) says both", (state, terms, amounts) => {
    const sums = { committed: 100_000_000n, cancelled: 25_500_000n, accepted: 100_000_000n };
    const row = { ...rowOf("ann", USDC, 0n), ...sums, returned: 25_500_000n };
    const total = { ...sums, refundable: 0n, returned: 25_500_000n };
    render(<PositionCard position={twoWalletPosition({ state, total, rows: [row] })} tokens={TOKENS} />);
    const sum = (term: string) => screen.getByText(term, { selector: "dt" }).nextElementSibling?.textContent;
    expect(terms.map(sum)).toEqual(amounts);
    expect(screen.getByText(/A part was taken back by the entity or taken down/)).toBeVisible();
  });

  it("of which nothing was paid back or accepted before the end says nothing of that", () => {
    render(<PositionCard position={twoWalletPosition()} tokens={TOKENS} />);
    expect(screen.queryByText(/Paid back|Accepted|taken down/)).toBeNull();
  });

  it("shows its price in the sale's tokens, or in the only one, and its lockup", () => {
    const bid = { lockup: false, price: 3n, amount: 135_500_000n };
    const offer = {
      token: { symbol: "ACME", decimals: 18 },
      pricing: { kind: "unknown" },
      tick: parsePriceTick("0.0215"),
    } as const;
    const card = (tokens: typeof TOKENS, of = bid) => (
      <PositionCard position={twoWalletPosition({ bid: of })} tokens={tokens} offer={offer} />
    );
    const { rerender } = render(card(TOKENS));
    expect(screen.getByText("Price 0.0645 USDC or USDT")).toBeVisible();
    rerender(card([USDT], { ...bid, lockup: true }));
    expect(screen.getByText("Price 0.0645 USDT · With lockup")).toBeVisible();
  });

  it.each([
    [645n, "Your bid is at the current clearing price."],
    [646n, "Your bid is below the current clearing price."],
  ])("in an auction says where its price is (%i)", (numerator, words) => {
    const bid = { lockup: false, price: 3n, amount: 135_500_000n };
    const pricing = { kind: "auction", estimate: { numerator, denominator: 10_000n } } as const;
    const offer = { token: { symbol: "ACME", decimals: 18 }, pricing, tick: parsePriceTick("0.0215") };
    render(<PositionCard position={twoWalletPosition({ bid })} tokens={TOKENS} offer={offer} />);
    expect(screen.getByText(words)).toBeVisible();
  });
});

describe("cancelling and refunds", () => {
  function renderActions(first: PositionAction, position = twoWalletPosition()) {
    const calls = { onReduce: vi.fn(), onCancel: vi.fn(), onClaim: vi.fn() };
    const about = { position, tokens: TOKENS, entityName: "Ada Lovelace" };
    const actions = (action: PositionAction, busy = false) => (
      <RefundActions action={action} busy={busy} {...about} {...calls} />
    );
    const { rerender } = render(actions(first));
    const change = (action: PositionAction, busy?: boolean) => rerender(actions(action, busy));
    return { ...calls, change, user: userEvent.setup() };
  }

  it("cancelling asks first: it shows who gets what and that it is final, and the button to keep has the focus", async () => {
    const { user, onCancel } = renderActions({ kind: "cancel" });
    await user.click(screen.getByRole("button", { name: "Cancel commitment" }));
    const dialog = screen.getByRole("dialog", { name: "Cancel the whole commitment?" });
    expect(within(dialog).getAllByRole("listitem")).toHaveLength(2);
    expect(dialog).toHaveTextContent("Ada Lovelace can never commit to this sale again");
    expect(screen.getByRole("button", { name: "Keep the commitment" })).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(onCancel).not.toHaveBeenCalled();
  });

  it("cancelling after a part was accepted says that this part stays, and does not say that all returns", async () => {
    const total = {
      committed: 135_500_000n,
      cancelled: 0n,
      accepted: 100_000_000n,
      refundable: 35_500_000n,
      returned: 0n,
    };
    const rows = [
      { ...rowOf("ann", USDC, 125_500_000n), accepted: 100_000_000n, refundable: 25_500_000n },
      rowOf("ben", USDT, 10_000_000n),
    ];
    const { user } = renderActions({ kind: "cancel" }, twoWalletPosition({ total, rows }));
    await user.click(screen.getByRole("button", { name: "Cancel commitment" }));
    const dialog = screen.getByRole("dialog", { name: "Cancel what was not accepted?" });
    expect(dialog).toHaveTextContent("100 USDC of the commitment was accepted and stays in the sale.");
    expect(dialog).not.toHaveTextContent("Everything");
    expect(within(dialog).getAllByRole("listitem")[0]).toHaveTextContent("25.50 USDC");
  });

  it("it starts when the user confirms", async () => {
    const { user, onCancel } = renderActions({ kind: "cancel" });
    await user.click(screen.getByRole("button", { name: "Cancel commitment" }));
    await user.click(screen.getByRole("button", { name: "Cancel permanently" }));
    expect(onCancel).toHaveBeenCalledOnce();
  });

  it.each<[string, PositionAction, boolean]>([
    [
      "the wallet is switched to one of another entity",
      { kind: "cancel", problem: "Switch to another wallet." },
      false,
    ],
    ["a transaction is begun elsewhere", { kind: "cancel" }, true],
    ["the stage passes", { kind: "claim-refund" }, false],
  ])("the question closes if %s in the meantime, and does not open again by itself", async (_when, action, busy) => {
    const { user, change } = renderActions({ kind: "cancel" });
    await user.click(screen.getByRole("button", { name: "Cancel commitment" }));
    change(action, busy);
    expect(screen.queryByRole("dialog")).toBeNull();
    change({ kind: "cancel" });
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  describe("reducing", () => {
    async function openReduction() {
      const actions = renderActions({ kind: "cancel", canReduce: true });
      await actions.user.click(screen.getByRole("button", { name: "Reduce commitment" }));
      const dialog = screen.getByRole("dialog", { name: "Reduce the commitment" });
      const field = (name: RegExp) => within(dialog).getByRole("textbox", { name });
      return { ...actions, dialog, field };
    }

    it("is not offered where the sale has none", () => {
      renderActions({ kind: "cancel" });
      expect(screen.queryByRole("button", { name: "Reduce commitment" })).toBeNull();
    });

    it("has a field for each wallet and token, and shows what returns and what stays before it is confirmed", async () => {
      const { user, dialog, field, onReduce } = await openReduction();
      expect(field(/^Back to 0x709979…dc79C8/)).toHaveAccessibleDescription("Up to 125.50 USDC");
      await user.type(field(/^Back to 0x709979…dc79C8/), "25.5");
      await user.type(field(/^Back to 0x3C44Cd…4293BC/), "4");
      const sum = (term: string) => within(dialog).getByText(term).nextElementSibling?.textContent;
      expect(["Committed now", "Taken back", "New total"].map(sum)).toEqual([
        "135.50 USDC and USDT",
        "29.50 USDC and USDT",
        "106 USDC and USDT",
      ]);
      await user.click(within(dialog).getByRole("button", { name: "Take back 29.50 USDC and USDT" }));
      expect(onReduce).toHaveBeenCalledExactlyOnceWith({
        rows: [
          { wallet: ANN, token: USDC.address, amount: 25_500_000n },
          { wallet: rowOf("ben", USDT, 0n).wallet, token: USDT.address, amount: 4_000_000n },
        ],
        amount: 29_500_000n,
        from: 135_500_000n,
        total: 106_000_000n,
      });
      expect(screen.queryByRole("dialog")).toBeNull();
    });

    it("by more than a wallet has committed is refused at its field, and nothing is sent", async () => {
      const { user, field, onReduce } = await openReduction();
      await user.type(field(/^Back to 0x3C44Cd…4293BC/), "11{Enter}");
      expect(field(/^Back to 0x3C44Cd…4293BC/)).toHaveAccessibleDescription(/at most 10 USDT/);
      expect(onReduce).not.toHaveBeenCalled();
    });

    it("by nothing says at the button what is missing", async () => {
      const { user, dialog } = await openReduction();
      const button = within(dialog).getByRole("button", { name: "Take back" });
      await user.click(button);
      expect(button).toHaveAccessibleDescription("Enter an amount to take back.");
    });

    it("to zero leads to the cancellation, which says that it is final", async () => {
      const { user, dialog, field, onReduce, onCancel } = await openReduction();
      await user.type(field(/^Back to 0x709979…dc79C8/), "125.5");
      await user.type(field(/^Back to 0x3C44Cd…4293BC/), "10{Enter}");
      expect(dialog).toHaveTextContent("This would take back everything, which is final.");
      await user.click(within(dialog).getByRole("button", { name: "Cancel commitment instead" }));
      const cancellation = screen.getByRole("dialog", { name: "Cancel the whole commitment?" });
      expect(within(cancellation).getByRole("button", { name: "Keep the commitment" })).toHaveFocus();
      expect(onReduce).not.toHaveBeenCalled();
      expect(onCancel).not.toHaveBeenCalled();
    });

    it("closes if the wallet is switched to one of another entity in the meantime", async () => {
      const { change } = await openReduction();
      change({ kind: "cancel", canReduce: true, problem: "Switch to another wallet." });
      expect(screen.queryByRole("dialog")).toBeNull();
    });
  });

  it("another wallet cannot start it, and is told why", async () => {
    const { user, onClaim } = renderActions({
      kind: "claim-refund",
      problem: "Switch to one of this entity's wallets.",
    });
    const button = screen.getByRole("button", { name: "Claim 135.50 USDC and USDT" });
    expect(button).toHaveAccessibleDescription("Switch to one of this entity's wallets.");
    await user.click(button);
    expect(onClaim).not.toHaveBeenCalled();
  });

  it("there is no button if refunds are sent automatically", () => {
    renderActions({ kind: "refund-automatic" });
    expect(screen.getByText(/Refunds are sent automatically/)).toBeVisible();
    expect(screen.queryByRole("button")).toBeNull();
  });
});
