import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { PositionCard, RefundActions } from "@/components/purchase/position";
import type { PositionAction } from "@/lib/purchase/position";
import { rowOf, TOKENS, twoWalletPosition, USDC, USDT } from "@/tests/support/purchase/some-purchase";

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
    ["cancelled", "Cancelled", "Paid back"],
    ["settled", "Settled", "To be paid back"],
    ["refunded", "Refunded", "Accepted"],
  ] as const)("that is %s says so", (state, badge, term) => {
    render(<PositionCard position={twoWalletPosition({ state })} tokens={TOKENS} />);
    expect(screen.getByText(badge)).toBeVisible();
    expect(screen.getByText(term)).toBeVisible();
  });

  it("names the tokens in each sum", () => {
    const total = {
      committed: 135_500_000n,
      cancelled: 0n,
      accepted: 125_500_000n,
      refundable: 10_000_000n,
      returned: 0n,
    };
    const rows = [
      { ...rowOf("ann", USDC, 0n), committed: 125_500_000n, accepted: 125_500_000n },
      rowOf("ben", USDT, 10_000_000n),
    ];
    render(<PositionCard position={twoWalletPosition({ state: "settled", total, rows })} tokens={TOKENS} />);
    const sum = (term: string) => screen.getByText(term).nextElementSibling?.textContent;
    expect([sum("Committed"), sum("Accepted"), sum("To be paid back")]).toEqual([
      "135.50 USDC and USDT",
      "125.50 USDC",
      "10 USDT",
    ]);
  });

  it("shows its lockup", () => {
    render(
      <PositionCard position={twoWalletPosition({ bid: { lockup: true, price: 0n, amount: 1n } })} tokens={TOKENS} />,
    );
    expect(screen.getByText("With lockup")).toBeVisible();
  });
});

describe("cancelling and refunds", () => {
  function renderActions(first: PositionAction) {
    const calls = { onCancel: vi.fn(), onClaim: vi.fn() };
    const about = { position: twoWalletPosition(), tokens: TOKENS, entityName: "Ada Lovelace" };
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

  it("another wallet cannot start it, and is told why", async () => {
    const { user, onClaim } = renderActions({
      kind: "claim-refund",
      problem: "Switch to one of this entity's wallets.",
    });
    const button = screen.getByRole("button", { name: "Claim refund" });
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
