import { render, screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { PositionCard } from "@/components/purchase/position";
import { parsePriceTick } from "@/lib/purchase/price";
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
    expect(screen.getByText("Bid price 0.0645 USDC or USDT")).toBeVisible();
    rerender(card([USDT], { ...bid, lockup: true }));
    expect(screen.getByText("Bid price 0.0645 USDT · With lockup")).toBeVisible();
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

  it("without a price of its own has no place beside a clearing price", () => {
    const bid = { lockup: false, price: 0n, amount: 135_500_000n };
    const pricing = { kind: "auction", estimate: { numerator: 3n, denominator: 100n } } as const;
    const offer = { token: { symbol: "ACME", decimals: 18 }, pricing, tick: parsePriceTick("0.0215") };
    render(<PositionCard position={twoWalletPosition({ bid })} tokens={TOKENS} offer={offer} />);
    expect(screen.queryByText(/clearing price|receive nothing/)).toBeNull();
  });
});
