import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { render, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { SalePanel } from "@/components/sale/sale-panel";
import { failure, type Read } from "@/lib/result";
import type { UnlistedCommitment } from "@/lib/sale/commitments";

const NOW = Date.parse("2026-11-21T10:00:00Z");
const MINUTE = 60_000;
const USDC = "0x2222222222222222222222222222222222222222";
const USDT = "0x3333333333333333333333333333333333333333";
const TOKENS = [
  { address: USDC, symbol: "USDC" },
  { address: USDT, symbol: "USDT" },
] as const;
const WALLET = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

function commitment(id: number, minutesAgo: number, ...amounts: string[]) {
  return {
    CommitmentID: `0x${id}` as const,
    SaleSpecificEntityID: "0x11111111111111111111111111111111" as const,
    PriceNumerator: "0",
    PriceDenominator: "1",
    Amounts: amounts.map((Amount) => ({ Wallet: WALLET, Token: USDC, Amount }) as const),
    CreatedAt: new Date(NOW - minutesAgo * MINUTE).toISOString(),
    ExtraRaw: "0x" as const,
    ExtraDataParsed: null,
  };
}

const DATA: ReadCommitmentDataResponse = {
  TotalCommitmentAmount: "1234567500000",
  PaymentTokenDecimals: 6,
  UniqueCommitmentCount: 321,
  Commitments: [commitment(1, 2, "500000000"), commitment(2, 90, "1", "2000000")],
};

function renderPanel(commitments: Read<ReadCommitmentDataResponse>, more: { unlisted?: UnlistedCommitment[] } = {}) {
  render(<SalePanel now={NOW} commitments={commitments} tokens={TOKENS} returnTo="/" {...more} />);
}

function rows(): HTMLElement[] {
  return within(screen.getByRole("list")).getAllByRole("listitem");
}

// jsdom has no layout, so nothing ever becomes visible; the browser tests see the chart drawn.
beforeEach(() => {
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
});

describe("the sale's figures", () => {
  it("list the latest commitments with time, total amount and wallet", () => {
    renderPanel({ status: "ready", value: DATA });
    expect(rows()[0]).toHaveTextContent(/^2 min ago.*500 USDC/);
    expect(rows()[1]).toHaveTextContent(/^1 h ago.*2.000001 USDC/);
    expect(within(rows()[0] ?? document.body).getByTitle(WALLET)).toBeVisible();
  });

  it("say so when nobody has committed yet", () => {
    renderPanel({ status: "ready", value: { ...DATA, Commitments: [], UniqueCommitmentCount: 0 } });
    expect(screen.getByText("None yet.")).toBeVisible();
  });

  it("stay when a later read fails, with a quiet note", () => {
    renderPanel({ status: "ready", value: DATA, refreshFailure: failure("api/server_error") });
    expect(rows()).toHaveLength(2);
    expect(screen.getByRole("status")).toHaveTextContent("This may be out of date.");
  });

  it("that could not be read at all are reported as a failure", () => {
    renderPanel({ status: "failed", failure: failure("api/server_error") });
    expect(screen.getByRole("alert")).toHaveTextContent("Sonar had an internal error.");
  });

  it("reserve their space while they are read", () => {
    renderPanel({ status: "loading" });
    expect(screen.getByRole("status")).toHaveTextContent("Loading the sale's figures.");
  });
});

describe("a commitment that is confirmed and not yet listed", () => {
  const own: UnlistedCommitment = {
    entityId: "0x99999999999999999999999999999999",
    wallet: WALLET,
    tokens: [USDT],
    total: "125500000",
    at: NOW - 10_000,
  };

  it("is listed first, and says so", () => {
    renderPanel({ status: "ready", value: DATA }, { unlisted: [own] });
    expect(rows()[0]).toHaveTextContent(/^now.*125.50 USDT/);
    expect(rows()[0]).toHaveTextContent("Confirmed, not yet listed");
    expect(rows()).toHaveLength(3);
  });

  it("names all tokens in its total", () => {
    renderPanel({ status: "ready", value: DATA }, { unlisted: [{ ...own, tokens: [USDT, USDC] }] });
    expect(rows()[0]).toHaveTextContent(/^now.*125.50 USDC and USDT/);
  });

  it("replaces the listed commitment of the same entity", () => {
    const [first] = DATA.Commitments;
    const entityId = first?.SaleSpecificEntityID ?? "0x";
    renderPanel(
      { status: "ready", value: { ...DATA, Commitments: DATA.Commitments.slice(0, 1) } },
      {
        unlisted: [{ ...own, entityId, total: "600000000" }],
      },
    );
    expect(rows()).toHaveLength(1);
    expect(rows()[0]).toHaveTextContent("600 USDT");
  });

  it("disappears once it is listed", () => {
    const entityId = DATA.Commitments[0]?.SaleSpecificEntityID ?? "0x";
    renderPanel({ status: "ready", value: DATA }, { unlisted: [{ ...own, entityId, total: "500000000" }] });
    expect(screen.queryByText("Confirmed, not yet listed")).toBeNull();
  });
});

describe("the progress of the sale", () => {
  it("has the same figures as a table, and says which are missing", () => {
    renderPanel({ status: "ready", value: DATA });
    expect(screen.getByRole("img")).toHaveAccessibleName(/grew from .* to 1,234,567.50 USDC and USDT/);
    expect(
      screen.getByText(/The chart shows the latest 2 commitments and starts at the total of the 319 others/),
    ).toBeVisible();
    expect(screen.getByText(/The scale starts at 1,234,000 USDC and USDT, not at zero\./)).toBeVisible();
    const cells = screen.getAllByRole("row", { hidden: true }).map((row) => row.textContent);
    expect(cells).toEqual([
      "Time (UTC)CommittedRunning total",
      "21 Nov 2026, 09:585001,234,567.50",
      "21 Nov 2026, 08:302.0000011,234,067.50",
    ]);
  });

  it("is left out while there is nothing to draw", () => {
    renderPanel({ status: "ready", value: { ...DATA, Commitments: DATA.Commitments.slice(0, 1) } });
    expect(screen.queryByRole("img")).toBeNull();
  });
});
