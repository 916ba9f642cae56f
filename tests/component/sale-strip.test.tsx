import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { fireEvent, render, screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { SaleStrip } from "@/components/sale/sale-strip";
import { failure } from "@/lib/result";
import { PHASE_WORDS, type SalePhase } from "@/lib/sale/phase";

const DATA: ReadCommitmentDataResponse = {
  TotalCommitmentAmount: "1234567500000",
  PaymentTokenDecimals: 6,
  UniqueCommitmentCount: 321,
  Commitments: [],
};
const TOKENS = [
  { address: "0x2222222222222222222222222222222222222222", symbol: "USDC" },
  { address: "0x3333333333333333333333333333333333333333", symbol: "USDT" },
];
const PRICE = { numerator: 215n, denominator: 10_000n };
const AT = Date.parse("2026-11-21T10:02:00Z");
const onRetry = vi.fn();

function renderStrip(changes: Partial<Parameters<typeof SaleStrip>[0]> = {}) {
  const retry = { returnTo: "/", onRetry };
  const { container } = render(
    <SaleStrip
      phase={{ status: "ready", value: { kind: "open" } }}
      phaseRetry={retry}
      figures={{ status: "ready", value: DATA }}
      figuresRetry={retry}
      pricing={{ kind: "fixed", price: PRICE }}
      pricedAt={AT}
      tokens={TOKENS}
      token="ACME"
      goal={{}}
      {...changes}
    />,
  );
  return within(container).getByRole("region", { name: "Sale at a glance" });
}

describe("the sale at a glance", () => {
  it("tells status, absolute deadline, time left, price, total and participants", () => {
    const deadline = { words: "until", at: 1_797_789_600n, timeLeft: "closes in 3 d 4 h" };
    const strip = renderStrip({ deadline });
    expect(strip).toHaveTextContent("Open until 20 Dec 2026, 18:00 UTC · closes in 3 d 4 h");
    expect(strip).toHaveTextContent("Price0.0215 USDC or USDTper ACME");
    expect(strip).toHaveTextContent("Total committed1.23 M1,234,567.50 USDC and USDT");
    expect(strip).toHaveTextContent("by 321 participants");
  });

  it.each(Object.keys(PHASE_WORDS) as SalePhase["kind"][])(
    "names the phase %s in words, without a deadline too",
    (kind) => {
      const strip = renderStrip({ phase: { status: "ready", value: { kind } as SalePhase } });
      expect(strip).toHaveTextContent(`${PHASE_WORDS[kind].title} · ${PHASE_WORDS[kind].short}`);
    },
  );

  it("says of what time it is while the newest block is old, and else nothing of that", () => {
    const [first, second] = [renderStrip(), renderStrip({ outdatedAt: AT })];
    expect(first).not.toHaveTextContent("out of date");
    expect(second).toHaveTextContent("no newer block of the chain than that of 21 Nov 2026, 10:02 UTC");
    expect(within(second).getByText("This page may be out of date").closest("[role=status]")).not.toBeNull();
  });

  it("gives the exact total to screen readers, and to the eye on demand", () => {
    renderStrip();
    const total = screen.getByRole("button", { name: "1,234,567.50 USDC and USDT" });
    expect(screen.getAllByText("1,234,567.50 USDC and USDT")).toHaveLength(1);
    fireEvent.click(total);
    expect(screen.getAllByText("1,234,567.50 USDC and USDT")).toHaveLength(2);
  });

  it("of an auction tells the estimated clearing price with its time, or that there is none yet", () => {
    const estimate = { numerator: 1n, denominator: 3n };
    const strip = renderStrip({ pricing: { kind: "auction", estimate } });
    expect(strip).toHaveTextContent("Estimated clearing priceabout 0.333333 USDC or USDTper ACME · 10:02 UTC");
  });

  it.each([
    [{ kind: "auction" } as const, "Estimated clearing priceNone yetper ACME"],
    [{ kind: "unknown" } as const, "PriceNot announcedper ACME"],
  ])("says what is not known of a price: %o", (pricing, text) => {
    expect(renderStrip({ pricing })).toHaveTextContent(text);
  });

  it.each([
    [{ cap: "3000000" }, "About 41 % of the cap of 3 M USDC and USDT", "41"],
    [{ target: "1234567.5" }, "The target of 1.23 M USDC and USDT is reached", "100"],
    [{ target: "1000000", cap: "1234567.51" }, "is reached · About 99 % of the cap of 1.23 M", "99"],
  ])("shows how far the total has come: %o", (goal, text, percent) => {
    expect(renderStrip({ goal })).toHaveTextContent(text);
    expect(screen.getByRole("progressbar")).toHaveAttribute("aria-valuenow", percent);
    expect(screen.getByRole("progressbar").getAttribute("aria-valuetext")).toContain(text);
  });

  it("keeps one read when the other fails, and can try again", () => {
    const strip = renderStrip({ figures: { status: "failed", failure: failure("api/server_error") } });
    expect(strip).toHaveTextContent("Total committedNot available");
    expect(strip).toHaveTextContent("0.0215 USDC or USDT");
    fireEvent.click(screen.getByRole("button", { name: "Refresh" }));
    expect(onRetry).toHaveBeenCalledOnce();
  });

  it("says why the status cannot be read", () => {
    renderStrip({ phase: { status: "failed", failure: failure("chain/unreachable") } });
    expect(screen.getByRole("alert")).toHaveTextContent("The chain could not be reached.");
  });

  it("keeps a status whose later read failed, and marks it as old", () => {
    const refreshFailure = failure("chain/unreachable");
    const strip = renderStrip({ phase: { status: "ready", value: { kind: "settlement" }, refreshFailure } });
    expect(strip).toHaveTextContent(PHASE_WORDS.settlement.title);
    expect(strip).toHaveTextContent("This may be out of date.");
  });

  it("reserves the place of what is being read", () => {
    renderStrip({ phase: { status: "loading" }, figures: { status: "loading" } });
    const waiting = screen.getAllByText(/./, { selector: "[role=status] *" }).map(({ textContent }) => textContent);
    expect(waiting).toEqual(["Loading the sale's status.", "Loading the sale's figures."]);
  });
});
