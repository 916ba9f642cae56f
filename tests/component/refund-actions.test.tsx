import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { RefundActions } from "@/components/purchase/refund-actions";
import type { PositionAction } from "@/lib/purchase/position";
import { ANN, rowOf, TOKENS, twoWalletPosition, USDC, USDT } from "@/tests/support/purchase/some-purchase";

describe("cancelling and refunds", () => {
  function renderActions(first: PositionAction, position = twoWalletPosition()) {
    const calls = { onReduce: vi.fn(), onCancel: vi.fn(), onClaim: vi.fn() };
    const about = { position, tokens: TOKENS, entityName: "Ada Lovelace" };
    const actions = (action: PositionAction, busy = false, stop?: string) => (
      <RefundActions action={action} busy={busy} stop={stop} {...about} {...calls} />
    );
    const { rerender } = render(actions(first));
    const change = (...next: Parameters<typeof actions>) => rerender(actions(...next));
    return { ...calls, change, user: userEvent.setup() };
  }

  it("while nothing can be sent, the buttons say why and do not spin", async () => {
    const { change, user } = renderActions({ kind: "cancel" });
    change({ kind: "cancel" }, false, "Another transaction is in progress.");
    const button = screen.getByRole("button", { name: "Cancel commitment" });
    expect(button).toHaveAccessibleDescription("Another transaction is in progress.");
    expect(button).not.toHaveAttribute("aria-busy", "true");
    await user.click(button);
    expect(screen.queryByRole("dialog")).toBeNull();
  });

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
