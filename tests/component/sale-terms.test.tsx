import { cleanup, render, screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { SaleTerms, type SaleTermsProps } from "@/components/sale/sale-terms";
import type * as SiteModule from "@/lib/config/site";
import { MAX_UINT256 } from "@/lib/sale/money";

// A sale of its own: a fork has other facts.
vi.mock("@/lib/config/site", async (original) => {
  const { site } = await original<typeof SiteModule>();
  const sale = {
    price: "0.0215",
    tokenDecimals: 18,
    supply: "1000000",
    minimum: "10",
    cap: "21500",
    oversubscription: { rule: "pro-rata", text: "All in the same proportion." },
    lockup: "None.",
    refund: "The rest is paid back.",
    afterClose: "Allocations are decided.",
  };
  return { site: { ...site, token: { name: "Test", symbol: "TST", supply: "1,000,000,000" }, sale } };
});

const PRICE = { numerator: 215n, denominator: 10_000n };
const CONTRACT = { address: "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0", chainName: "Base" };
const TOKENS = [
  { symbol: "USDC", decimals: 6 },
  { symbol: "USDT", decimals: 6 },
];

function renderTerms(facts: Partial<SaleTermsProps> = {}) {
  render(<SaleTerms pricing={{ kind: "fixed", price: PRICE }} tokens={TOKENS} {...facts} />);
}

/** What stands beside or below a name. */
function factOf(name: string): string | null | undefined {
  return screen.getByText(name, { selector: "dt" }).nextElementSibling?.textContent;
}

describe("the terms of the sale", () => {
  it("say what is sold, at what price, how much at least, until when, and what is paid with", () => {
    renderTerms({ close: { at: Date.UTC(2026, 11, 20, 18), own: false } });
    expect(factOf("Token")).toBe("Test (TST)");
    expect(factOf("On sale")).toBe("1,000,000 TST");
    expect(factOf("Price")).toBe("0.0215 USDC/USDT per TST");
    expect(factOf("Limits")).toBe("from 10 USDC/USDT");
    expect(factOf("Cap")).toBe("21,500.00 USDC/USDT");
    expect(factOf("Pay with")).toBe("USDC or USDT");
    expect(factOf("Closes")).toBe("20 Dec 2026, 18:00 UTCAdd to calendar");
    expect(factOf("Refunds")).toBe("The rest is paid back.");
    expect(factOf("After the close")).toBe("Allocations are decided.");
  });

  it("offer the announced deadline for calendars, and never in place of an entity's own", () => {
    renderTerms({ close: { at: Date.UTC(2026, 11, 20, 18), own: false } });
    expect(screen.getByRole("link", { name: "Add to calendar" })).toHaveAttribute("href", "/sale.ics");
    cleanup();
    renderTerms({ close: { at: Date.UTC(2026, 11, 19, 18), own: true } });
    expect(factOf("Closes for you")).toBe("19 Dec 2026, 18:00 UTC");
    expect(screen.queryByRole("link")).toBeNull();
  });

  it("work the rule for too many commitments out in the sale's own figures", () => {
    renderTerms();
    expect(factOf("Oversubscription")).toBe(
      "All in the same proportion." +
        "Example: 1,000,000 TST cost 21,500.00 USDC, and 43,000.00 USDC is committed. Half of each commitment is accepted. " +
        "Of 215 USDC, 107.50 USDC buys 5,000.00 TST, and 107.50 USDC is refunded.",
    );
  });

  it("have the limits of the entity's own permit where there is one", () => {
    renderTerms({ ownLimits: { minAmount: 1_000_000n, maxAmount: 5_000_000_000n } });
    expect(factOf("Your limits")).toBe("1 to 5,000.00 USDC/USDT");
    expect(screen.queryByText("Limits")).toBeNull();
  });

  it("do not name a limit that means none", () => {
    renderTerms({ ownLimits: { minAmount: 1_000_000n, maxAmount: MAX_UINT256 } });
    expect(factOf("Your limits")).toBe("from 1 USDC/USDT");
  });

  it("of an auction have the estimate as such, the rule for its price, and no example at a price that is not fixed", () => {
    renderTerms({ pricing: { kind: "auction", estimate: { numerator: 645n, denominator: 10_000n } } });
    expect(factOf("Price")).toBe("Set by the auctionnow 0.0645 USDC/USDT per TST");
    expect(screen.getByText(/^Everyone pays the clearing price/)).toBeVisible();
    expect(screen.queryByText(/^Example/)).toBeNull();
    // The proportion is the rule of a sale at a fixed price.
    expect(screen.queryByText("All in the same proportion.")).toBeNull();
  });

  it("can be read before there is a contract or a price", () => {
    renderTerms({ pricing: { kind: "unknown" }, tokens: [] });
    expect(factOf("Price")).toBe("Not announced yet");
    expect(factOf("Pay with")).toBe("Announced with the contract");
    expect(factOf("Closes")).toBe("Set for each participant");
    expect(screen.queryByText(/^Contract/)).toBeNull();
  });
});

describe("the contract in the terms", () => {
  it("has its full address, to copy and to look up", () => {
    renderTerms({ contract: { ...CONTRACT, explorerUrl: "https://basescan.org/address/0x9f", check: "verified" } });
    const place = screen.getByText("Contract on Base").parentElement ?? document.body;
    expect(place).toHaveTextContent(CONTRACT.address);
    expect(within(place).getByRole("button", { name: "Copy contract address" })).toBeVisible();
    expect(within(place).getByRole("link", { name: /Explorer/ })).toHaveAttribute(
      "href",
      "https://basescan.org/address/0x9f",
    );
  });

  it.each([
    ["verified", /^Verified: the contract itself says that it belongs to this sale/],
    ["unknown", /^Not verified/],
  ] as const)("that is %s is called so, and not otherwise", (check, words) => {
    renderTerms({ contract: { ...CONTRACT, check } });
    expect(screen.getByText(words)).toBeVisible();
    expect(screen.queryAllByText(/verified/i)).toHaveLength(1);
  });

  it("is not called verified before the server has answered", () => {
    renderTerms({ contract: { ...CONTRACT, check: "waiting" } });
    expect(screen.queryByText(/verified/i)).toBeNull();
  });
});
