import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { Receipt } from "@/components/purchase/receipt";
import { ANN } from "@/tests/support/purchase/some-purchase";

const HASH = `0x${"ab".repeat(32)}` as const;
const EXPLORER = { explorerUrl: "https://explorer.example" };

describe("a receipt", () => {
  const facts = {
    kind: "commit",
    amount: "125.50 USDC",
    total: "135.50 USDC",
    entityName: "Ada Lovelace",
    wallet: ANN,
    hash: HASH,
    at: Date.UTC(2026, 11, 20, 18),
    price: "0.0215 USDC",
    expected: "up to about 5,837.2 ACME",
  } as const;
  const row = (term: string) => screen.getByText(term, { selector: "dt" }).nextElementSibling;

  it("of a commitment tells everything, links to the transaction, and says what happens next", async () => {
    const calls = { onAddMore: vi.fn(), onClose: vi.fn() };
    render(<Receipt facts={facts} next={["The sale closes."]} siteName="Acme" {...EXPLORER} {...calls} />);
    expect(screen.getByRole("heading", { name: "Your commitment is confirmed" })).toBeVisible();
    expect(
      ["Committed", "Your entity's total", "Price", "You receive", "Entity"].map((term) => row(term)?.textContent),
    ).toEqual(["125.50 USDC", "135.50 USDC", "0.0215 USDC", "up to about 5,837.2 ACME", "Ada Lovelace"]);
    expect(row("Time")).toHaveTextContent("20 Dec 2026, 18:00 UTC");
    expect(row("Paid from"), "in full on paper").toHaveTextContent(ANN);
    expect(screen.getByRole("link")).toHaveAttribute("href", `https://explorer.example/tx/${HASH}`);
    expect(screen.getByRole("listitem")).toHaveTextContent("The sale closes.");
    await userEvent.click(screen.getByRole("button", { name: "Add more" }));
    await userEvent.click(screen.getByRole("button", { name: "Close" }));
    expect(calls.onAddMore).toHaveBeenCalledOnce();
    expect(calls.onClose).toHaveBeenCalledOnce();
  });

  it.each([
    ["commit", "25.50 USDC", "25.50 USDC was taken; 125.50 USDC was expected."],
    ["commit", undefined, "Nothing was taken; 125.50 USDC was expected."],
    ["cancel", "25.50 USDC", "25.50 USDC was paid back; 125.50 USDC was expected."],
  ] as const)("of another amount than was asked for (%s) says so", (kind, amount, sentence) => {
    render(<Receipt facts={{ ...facts, kind, amount, asked: "125.50 USDC" }} siteName="Acme" />);
    expect(screen.getByRole("region", { name: "Receipt" })).toHaveTextContent(
      `${sentence} Your entity's commitment changed before the transaction was confirmed.`,
    );
  });

  it.each([
    [
      "a reduction beside another one",
      { kind: "reduce", amount: "100 USDC", total: "0 USDC", expectedTotal: "100 USDC", ended: true },
      "Your entity's total is 0 USDC; 100 USDC was expected. Your entity's commitment was changed in another way as well.",
    ],
    [
      "a reduction by another amount than was asked for",
      { kind: "reduce", amount: "50 USDC", asked: "20 USDC", total: "50 USDC", expectedTotal: "80 USDC" },
      "50 USDC was paid back; 20 USDC was expected. Your entity's total is 50 USDC; 80 USDC was expected.",
    ],
    [
      "a commitment by another amount than was asked for",
      { kind: "commit", amount: "300 USDC", asked: "100 USDC", total: "300 USDC", expectedTotal: "100 USDC" },
      "300 USDC was taken; 100 USDC was expected. Your entity's total is 300 USDC; 100 USDC was expected.",
    ],
  ] as const)(
    "of another total than was expected says so, and only the reason that is known: %s",
    (_what, of, words) => {
      render(<Receipt facts={{ ...facts, ...of }} siteName="Acme" />);
      expect(screen.getByText((text) => text.endsWith(words))).toBeVisible();
      expect(screen.queryByText(/changed before/)).toBeNull();
      const title = of.kind === "reduce" && "ended" in of ? "Your commitment has ended" : /is reduced|is confirmed/;
      expect(screen.getByRole("heading", { name: title, level: 3 })).toBeVisible();
    },
  );

  it("that the contract no longer confirms does not read as confirmed", () => {
    render(<Receipt facts={facts} siteName="Acme" outdated />);
    expect(screen.getByRole("heading", { name: "Your commitment has changed" })).toBeVisible();
    expect(screen.queryByText("Your commitment is confirmed")).toBeNull();
    expect(screen.getByRole("alert")).toHaveTextContent("Your position is what counts.");
  });

  it.each(["reduce", "cancel", "refund"] as const)(
    "of a %s that the contract no longer shows does not say that it was paid",
    (kind) => {
      render(<Receipt facts={{ ...facts, kind, asked: "200 USDC" }} siteName="Acme" outdated />);
      expect(screen.getByRole("heading", { name: "Your commitment has changed" })).toBeVisible();
      expect(screen.getByRole("alert")).toHaveTextContent("no longer shows what this receipt says");
      expect(screen.queryByText(/It went to|was expected/)).toBeNull();
    },
  );

  it("prints by its button", async () => {
    const print = vi.spyOn(window, "print").mockImplementation(() => undefined);
    render(<Receipt facts={facts} siteName="Acme" />);
    await userEvent.click(screen.getByRole("button", { name: "Print" }));
    expect(print).toHaveBeenCalledOnce();
    expect(screen.queryByRole("button", { name: "Close" }), "of an entry in a list").toBeNull();
    print.mockRestore();
  });

  it("without a hash says where the transaction is listed", () => {
    render(<Receipt facts={{ ...facts, hash: undefined }} siteName="Acme" {...EXPLORER} />);
    expect(row("Transaction")).toHaveTextContent("listed in your wallet");
    expect(screen.queryByRole("link")).toBeNull();
  });

  it.each([
    ["reduce", "Your commitment is reduced", "Taken back"],
    ["cancel", "Your commitment is cancelled", "Paid back"],
    ["refund", "Your refund is paid", "Paid back"],
  ] as const)("of what came back (%s) says how much, and to whom", (kind, title, term) => {
    render(<Receipt facts={{ ...facts, kind, price: undefined, expected: undefined }} siteName="Acme" />);
    expect(screen.getByRole("heading", { name: title })).toBeVisible();
    expect(row(term)).toHaveTextContent("125.50 USDC");
    expect(screen.getByRole("region", { name: "Receipt" })).toHaveTextContent(
      "It went to the wallets that had paid it.",
    );
    expect(screen.queryByText("You receive")).toBeNull();
  });
});
