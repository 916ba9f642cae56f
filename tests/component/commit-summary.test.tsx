import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { parsePriceTick } from "@/lib/purchase/price";
import { renderForm } from "@/tests/support/purchase/mount-commit-form";
import { someReadPermit } from "@/tests/support/purchase/some-purchase";

const amount = () => screen.getByRole("textbox", { name: "Amount" });
const button = () => screen.getByRole("button", { name: /^(Commit|Add|Change)/ });
const row = (term: string) => screen.getByText(term).nextElementSibling?.textContent;

describe("the summary", () => {
  it("keeps its lines while nothing valid is typed, and then says what is paid and received", async () => {
    const { user } = renderForm();
    const terms = () => screen.getAllByRole("term").map(({ textContent }) => textContent);
    const before = terms();
    expect([row("You pay"), row("You receive"), row("Network fee")]).toEqual(["–", "–", "–"]);
    await user.type(amount(), "125.5");
    expect(terms()).toEqual(before);
    expect([row("You pay"), row("Price"), row("You receive"), row("Not accepted"), row("Network fee")]).toEqual([
      "125.50 USDC",
      "0.0215 USDC",
      "up to about 5,837.20 ACME",
      "refunded to 0x709979…dc79C8",
      "about 0.00039 ETH",
    ]);
  });

  it("says what the payment comes to at today's total, where every commitment is accepted in the same proportion", async () => {
    const supply = 1_000_000n * 10n ** 18n;
    const { user } = renderForm({}, { demand: { supply, committed: 42_874_500_000n, paymentDecimals: 6 } });
    expect(row("At today's total")).toBe("–");
    await user.type(amount(), "125.5");
    expect([row("You receive"), row("At today's total")]).toEqual(["up to about 5,837.20 ACME", "about 2,918.60 ACME"]);
  });

  it("leaves the network fee out where others pay it", () => {
    renderForm({}, { fees: undefined });
    expect(screen.queryByText("Network fee")).toBeNull();
  });

  it("names each request to the wallet before the press, and the exact number of tokens", async () => {
    const { user } = renderForm();
    await user.click(screen.getByText("What you will sign"));
    expect(screen.getByText(/Enter an amount to see/)).toBeVisible();
    await user.type(amount(), "125.5");
    expect(screen.getByText("1 of 2: Sign the USDC permission")).toBeVisible();
    expect(screen.getByText(/take 125.50 USDC and no more, for at most 30 minutes\. Costs nothing\./)).toBeVisible();
    expect(screen.getByText("2 of 2: Confirm the transaction")).toBeVisible();
    expect(screen.getByText(/exactly 5,837.209302325581395348 ACME/)).toBeVisible();
  });
});

describe("an auction", () => {
  const tick = parsePriceTick("0.0215");
  const permit = { permit: someReadPermit({ MinPrice: 1, MaxPrice: 5 }), forcedLockup: false };
  const estimate = { numerator: 645n, denominator: 10_000n };
  const price = () => screen.getByRole("textbox", { name: "Bid price" });
  const auction = () => renderForm({ permit, ...(tick && { tick }) }, { price: { kind: "auction", estimate } });

  it("steps along the price steps with buttons and arrow keys, from the clearing price on and within the bounds", async () => {
    const { user } = auction();
    await user.click(screen.getByRole("button", { name: "One price step higher" }));
    expect(price()).toHaveValue("0.0645");
    await user.click(price());
    await user.keyboard("{ArrowUp}{ArrowUp}{ArrowUp}");
    expect(price()).toHaveValue("0.1075");
    for (let step = 0; step < 6; step += 1) await user.keyboard("{ArrowDown}");
    expect(price()).toHaveValue("0.0215");
    await user.clear(price());
    await user.type(price(), "0.05");
    await user.keyboard("{ArrowDown}");
    expect(price()).toHaveValue("0.043");
  });

  it.each([
    ["0.086", "above", "up to about 1,945.73 ACME"],
    ["0.0645", "at", "up to about 1,945.73 ACME"],
    ["0.043", "below", "nothing at this price"],
  ])(
    "says in words that a bid at %s is %s the clearing price, and what it would receive",
    async (bid, place, tokens) => {
      const { user } = auction();
      await user.type(amount(), "125.5");
      await user.type(price(), bid);
      expect(screen.getByText(new RegExp(`^Your bid is ${place} the current clearing price`))).toBeVisible();
      expect(screen.getByText("Everyone pays the clearing price; the excess is refunded.")).toBeVisible();
      expect(row("You receive")).toBe(tokens);
    },
  );

  it("that has no estimate yet promises tokens only if the bid is filled", async () => {
    const { user } = renderForm({ permit, ...(tick && { tick }) }, { price: { kind: "auction" } });
    await user.type(amount(), "125.5");
    await user.type(price(), "0.0215");
    expect(row("You receive")).toBe("about 5,837.20 ACME, if your bid is filled");
  });

  it("never promises more than is on sale", async () => {
    const offered = { symbol: "ACME", decimals: 18, supply: 1_000n * 10n ** 18n };
    const facts = { price: { kind: "auction", estimate }, offered } as const;
    const { user } = renderForm({ permit, ...(tick && { tick }) }, facts);
    await user.type(amount(), "125.5");
    await user.type(price(), "0.086");
    expect(row("You receive")).toBe("up to about 1,000.00 ACME");
  });

  it("says of a bid that changes only its price that it buys nothing more, and what the total would receive", async () => {
    const current = { amount: 125_500_000n, price: 2n, lockup: false };
    const { user } = renderForm({ permit, current, ...(tick && { tick }) }, { price: { kind: "auction", estimate } });
    await user.type(price(), "0.086");
    expect(row("You receive")).toBe("nothing more: you pay nothing");
    expect(row("For the total")).toBe("up to about 1,945.73 ACME");
  });
});

describe("terms that have to be ticked", () => {
  const terms = { by: "checkbox", version: "v1", statement: "I accept the", documents: [] } as const;

  it("are asked for at the button, which says so and leads to the box", async () => {
    const { user, onCommit } = renderForm({}, {}, { consent: { terms } });
    await user.type(amount(), "5");
    expect(button()).toHaveAccessibleDescription("Tick the box to accept the terms.");
    await user.click(button());
    const box = screen.getByRole("checkbox", { name: /I accept the/ });
    expect(box).toHaveFocus();
    expect(onCommit).not.toHaveBeenCalled();
    await user.click(box);
    await user.click(button());
    expect(onCommit).toHaveBeenCalledOnce();
  });
});
