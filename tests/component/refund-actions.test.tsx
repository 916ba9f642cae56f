import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { RefundActions } from "@/components/purchase/position";
import type { PositionAction } from "@/lib/purchase/position";
import { TOKENS, twoWalletPosition } from "@/tests/support/purchase/some-purchase";

describe("the way back", () => {
  function renderWay(first: PositionAction) {
    const calls = { onCancel: vi.fn(), onClaim: vi.fn() };
    const about = { position: twoWalletPosition(), tokens: TOKENS, entityName: "Ada Lovelace" };
    const way = (action: PositionAction, busy = false) => (
      <RefundActions action={action} busy={busy} {...about} {...calls} />
    );
    const { rerender } = render(way(first));
    const change = (action: PositionAction, busy?: boolean) => rerender(way(action, busy));
    return { ...calls, change, user: userEvent.setup() };
  }

  it("by cancelling is asked about first: who gets what, that it is final, and keeping has the focus", async () => {
    const { user, onCancel } = renderWay({ kind: "cancel" });
    await user.click(screen.getByRole("button", { name: "Cancel commitment" }));
    const dialog = screen.getByRole("dialog", { name: "Cancel the whole commitment?" });
    expect(within(dialog).getAllByRole("listitem")).toHaveLength(2);
    expect(dialog).toHaveTextContent("Ada Lovelace can never commit to this sale again");
    expect(screen.getByRole("button", { name: "Keep the commitment" })).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(onCancel).not.toHaveBeenCalled();
  });

  it("is taken when the user says so", async () => {
    const { user, onCancel } = renderWay({ kind: "cancel" });
    await user.click(screen.getByRole("button", { name: "Cancel commitment" }));
    await user.click(screen.getByRole("button", { name: "Cancel it for good" }));
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
  ])("is no longer asked about when %s meanwhile, nor asked about again unasked", async (_when, action, busy) => {
    const { user, change } = renderWay({ kind: "cancel" });
    await user.click(screen.getByRole("button", { name: "Cancel commitment" }));
    change(action, busy);
    expect(screen.queryByRole("dialog")).toBeNull();
    change({ kind: "cancel" });
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("is not offered to another wallet, which is told so", async () => {
    const { user, onClaim } = renderWay({ kind: "claim-refund", problem: "Switch to one of this entity's wallets." });
    const button = screen.getByRole("button", { name: "Claim refund" });
    expect(button).toHaveAccessibleDescription("Switch to one of this entity's wallets.");
    await user.click(button);
    expect(onClaim).not.toHaveBeenCalled();
  });

  it("needs no button where refunds are sent", () => {
    renderWay({ kind: "refund-automatic" });
    expect(screen.getByText(/Refunds are sent automatically/)).toBeVisible();
    expect(screen.queryByRole("button")).toBeNull();
  });
});
