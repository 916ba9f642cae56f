import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { CommitTerms } from "@/lib/purchase/draft";
import { parsePriceTick } from "@/lib/purchase/price";
import { MAX_UINT256 } from "@/lib/sale/money";
import { renderForm, USDC, USDT } from "@/tests/support/purchase/mount-commit-form";
import { someReadPermit } from "@/tests/support/purchase/some-purchase";

const amount = (name = "Amount") => screen.getByRole("textbox", { name });
const button = () => screen.getByRole("button", { name: /^(Commit|Add|Change)/ });

const row = (term: string) => screen.getByText(term).nextElementSibling?.textContent;

describe("a sale with one token", () => {
  it.each([USDC, USDT])("offers no choice (%#)", async (token) => {
    const { user, onCommit } = renderForm({ token }, { tokens: [token] });
    expect(screen.queryByRole("radio")).toBeNull();
    const other = token === USDC ? "USDT" : "USDC";
    await user.type(amount(), "5");
    expect(row("You pay")).toBe(`5 ${token.symbol}`);
    await user.click(screen.getByRole("button", { name: `Commit 5 ${token.symbol}` }));
    expect(onCommit).toHaveBeenCalledOnce();
    expect(screen.queryByText(new RegExp(other))).toBeNull();
  });
});

describe("the button", () => {
  it("shows the amount that is sent", async () => {
    const { user, onCommit } = renderForm();
    await user.type(amount(), "125.5");
    expect(button()).toHaveTextContent("Commit 125.50 USDC");
    await user.click(button());
    const bid = { amount: 125_500_000n, lockup: false, price: 0n };
    expect(onCommit).toHaveBeenCalledExactlyOnceWith({ plan: { bid, increment: 125_500_000n } });
  });

  it("adds to the entity's commitment and shows the new total", async () => {
    const { user } = renderForm({ current: { amount: 125_500_000n, lockup: false, price: 0n } });
    await user.type(amount("Amount to add"), "10");
    expect(button()).toHaveTextContent("Add 10 USDC");
    expect(row("New total")).toBe("135.50 USDC");
  });

  it("adds one token to another, and the totals name their tokens", async () => {
    const amounts = { committed: 135_500_000n, cancelled: 0n, accepted: 0n, refundable: 135_500_000n, returned: 0n };
    const rows = [{ wallet: USDC.address, token: USDC.address, ...amounts }];
    const current = { amount: 135_500_000n, lockup: false, price: 0n };
    const { user } = renderForm({ current, token: USDT }, { tokens: [USDC, USDT], rows });
    await user.type(amount("Amount to add"), "10");
    expect([row("Committed so far"), row("New total")]).toEqual(["135.50 USDC", "145.50 USDC and USDT"]);
    await user.clear(amount("Amount to add"));
    await user.click(screen.getByRole("checkbox", { name: /Lock up/ }));
    expect(row("New total")).toBe("135.50 USDC");
  });

  it("can be focused without an amount, says why nothing is sent, and sends nothing", async () => {
    const { user, onCommit } = renderForm();
    expect(button()).toHaveAttribute("aria-disabled", "true");
    expect(button()).toHaveAccessibleDescription("Enter an amount.");
    expect(amount()).not.toBeInvalid();
    await user.click(button());
    expect(onCommit).not.toHaveBeenCalled();
    expect(amount()).toBeInvalid();
  });

  it("sends nothing while a transaction is in progress", async () => {
    const { user, onCommit } = renderForm({}, {}, { busy: "A transaction is in progress." });
    await user.click(button());
    expect(onCommit).not.toHaveBeenCalled();
    expect(amount()).toHaveAttribute("readonly");
  });
});

describe("the problem with an amount", () => {
  it.each<[string, string, Partial<CommitTerms>, RegExp]>([
    ["below the minimum", "0.5", {}, /at least 1 USDC/],
    ["above the maximum", "5001", {}, /at most 5,000\.00 USDC/],
    ["above the balance", "200", { funds: { token: 100_000_000n, native: 1n } }, /holds only 100 USDC/],
    ["with too many decimals", "1.1234567", {}, /at most 6 decimals/],
    ["that can be read in two ways", "1,234", {}, /ambiguous/],
  ])("is shown at the field: %s", async (_what, text, terms, sentence) => {
    const { user } = renderForm(terms);
    await user.type(amount(), text);
    expect(amount()).toBeInvalid();
    expect(amount()).toHaveAccessibleDescription(sentence);
  });

  const seen = (sentence: RegExp) => screen.getAllByText(sentence).filter((shown) => !shown.closest(".sr-only"));

  it("is visible only at the field, and read out at the button too", async () => {
    const { user } = renderForm();
    await user.type(amount(), "0.5");
    expect(seen(/at least 1 USDC/)).toHaveLength(1);
    expect(button()).toHaveAccessibleDescription(/at least 1 USDC/);
  });

  it("is visible at the button if it concerns a price without a field", async () => {
    const current = { amount: 5_000_000n, lockup: false, price: 8n };
    const permit = { permit: someReadPermit({ MinPrice: 7, MaxPrice: 7 }), forcedLockup: false };
    const { user } = renderForm({ current, permit });
    await user.type(amount("Amount to add"), "5");
    expect(seen(/The highest price you can bid is 7/)).toHaveLength(1);
  });

  it("is shown for the whole form if the wallet cannot pay for gas", () => {
    renderForm({ funds: { token: 1_000_000_000n, native: 0n } });
    expect(button()).toHaveAccessibleDescription(/holds no ETH/);
  });

  it("is told before the press if the token's issuer has blocked the wallet", () => {
    renderForm({ funds: { token: 1_000_000_000n, native: 1n, isBlocked: true } });
    expect(button()).toHaveAccessibleDescription(
      /The issuer of USDC has blocked this wallet.*Use another wallet or token/,
    );
  });

  it("is the time if the window is not open", () => {
    renderForm({ permit: { permit: someReadPermit({ OpensAt: 1_900_000_000 }), forcedLockup: false } });
    expect(button()).toHaveAccessibleDescription(/You can commit from 17 Mar 2030/);
  });
});

describe("the form", () => {
  it("fills in the most that can be added, limited by the balance", async () => {
    const { user } = renderForm({ funds: { token: 321_000_001n, native: 1n } });
    await user.click(screen.getByRole("button", { name: "Max: 321.000001 USDC" }));
    expect(button()).toHaveTextContent("Commit 321.000001 USDC");
  });

  it.each([
    ["by the permit alone while the balance is not known", {}, "Max: 5,000.00 USDC"],
    ["by the balance alone where the permit sets no limit", { token: 321_000_001n }, "Max: 321.000001 USDC"],
  ])("is filled in %s", (_name, held, label) => {
    const MaxAmount = "token" in held ? `${MAX_UINT256}` : "5000000000";
    const permit = { permit: someReadPermit({ MaxAmount }), forcedLockup: false };
    renderForm({ permit, funds: { native: 1n, ...held } });
    expect(screen.getByRole("button", { name: label })).toBeVisible();
  });

  it("offers nothing to fill in while there is neither a balance nor a limit, whatever was committed before", () => {
    const permit = { permit: someReadPermit({ MaxAmount: `${MAX_UINT256}` }), forcedLockup: false };
    renderForm({ permit, funds: {}, current: { amount: 5_000_000n, lockup: false, price: 0n } });
    expect(screen.queryByRole("button", { name: /^Max/ })).toBeNull();
  });

  it("asks for the token only if there are several", async () => {
    const { user } = renderForm({}, { tokens: [USDC, USDT] });
    expect(screen.getByRole("radio", { name: "USDC" })).toBeChecked();
    await user.click(screen.getByRole("radio", { name: "USDT" }));
  });

  it("offers no choice of token, price or lockup if there is none", () => {
    renderForm({ permit: { permit: someReadPermit(), forcedLockup: true } });
    expect(screen.queryByRole("radio")).toBeNull();
    expect(screen.queryByRole("checkbox")).toBeNull();
    expect(screen.queryByRole("textbox", { name: "Bid price" })).toBeNull();
    expect(screen.getByText(/will be locked up. This sale requires it/)).toBeVisible();
  });

  it("names no lowest price where a bid may have any", () => {
    const permit = someReadPermit({ MinPrice: 0, MaxPrice: 9 });
    const tick = parsePriceTick("0.0215");
    renderForm({ permit: { permit, forcedLockup: false }, ...(tick && { tick }) });
    const price = screen.getByRole("textbox", { name: "Bid price" });
    expect(price).toHaveAccessibleDescription("Up to 0.1935, in steps of 0.0215.");
  });

  it("sends the chosen lockup and price", async () => {
    const permit = someReadPermit({ MinPrice: 2, MaxPrice: 9 });
    const tick = parsePriceTick("0.0215");
    const { user, onCommit } = renderForm({ permit: { permit, forcedLockup: false }, ...(tick && { tick }) });
    await user.type(amount(), "5");
    const price = screen.getByRole("textbox", { name: "Bid price" });
    await user.type(price, "0.065");
    expect(price).toHaveAccessibleDescription(/Prices go in steps of 0.0215/);
    await user.clear(price);
    await user.type(price, "0.0645");
    await user.click(screen.getByRole("checkbox", { name: /Lock up/ }));
    await user.click(button());
    const bid = { amount: 5_000_000n, lockup: true, price: 3n };
    expect(onCommit).toHaveBeenCalledWith({ plan: { bid, increment: 5_000_000n }, price: 3n });
  });
});
