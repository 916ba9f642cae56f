import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { render, screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { SalePanel, type CommitmentDataView } from "@/components/sale/sale-panel";
import type { SaleWindow } from "@/components/sale/sale-phase";
import { failure } from "@/lib/result";

const NOW = Date.parse("2026-11-21T10:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WALLET = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

function commitment(id: number, minutesAgo: number, ...amounts: string[]) {
  return {
    CommitmentID: `0x${id}` as const,
    SaleSpecificEntityID: "0x11111111111111111111111111111111" as const,
    PriceNumerator: "0",
    PriceDenominator: "1",
    Amounts: amounts.map((Amount) => ({ Wallet: WALLET, Token: "0x22" as const, Amount }) as const),
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

function renderPanel(commitments: CommitmentDataView, window: SaleWindow = {}) {
  render(<SalePanel window={window} now={NOW} commitments={commitments} symbol="USDC" returnTo="/" />);
}

function phase(window: SaleWindow): string {
  renderPanel({ status: "loading" }, window);
  return screen.getByRole("heading", { name: "The sale" }).parentElement?.textContent.replace("The sale", "") ?? "";
}

describe("the sale's figures", () => {
  it("are exact, with their symbol", () => {
    renderPanel({ status: "ready", data: DATA });
    expect(screen.getByRole("region", { name: "The sale" })).toHaveTextContent("1,234,567.50 USDC");
    expect(screen.getByText("by 321 participants")).toBeVisible();
  });

  it("list the latest commitments with their time, whole amount and wallet", () => {
    renderPanel({ status: "ready", data: DATA });
    const rows = within(screen.getByRole("list")).getAllByRole("listitem");
    expect(rows[0]).toHaveTextContent("2 min500 USDC");
    expect(rows[1]).toHaveTextContent("1 h2.000001 USDC");
    expect(within(rows[0] ?? document.body).getByTitle(WALLET)).toBeVisible();
  });

  it("say so when nobody has committed yet", () => {
    renderPanel({ status: "ready", data: { ...DATA, Commitments: [], UniqueCommitmentCount: 0 } });
    expect(screen.getByText("None yet.")).toBeVisible();
  });

  it("stay when a later read fails, with a quiet note", () => {
    renderPanel({ status: "ready", data: DATA, refreshFailure: failure("api/server_error") });
    expect(screen.getByText("by 321 participants")).toBeVisible();
    expect(screen.getByRole("status")).toHaveTextContent("This may be out of date.");
  });

  it("that could not be read at all are told as a failure", () => {
    renderPanel({ status: "failed", failure: failure("api/server_error") });
    expect(screen.getByRole("alert")).toHaveTextContent(failure("api/server_error").message);
  });

  it("hold their place while they are read", () => {
    renderPanel({ status: "loading" });
    expect(screen.getByRole("status")).toHaveTextContent("Reading the figures of the sale.");
  });
});

describe("the sale's phase", () => {
  it.each<[string, SaleWindow, string]>([
    ["is not guessed when no time is announced", {}, ""],
    ["before the opening", { opensAt: NOW + 76 * HOUR }, "Not open yet · opens in 3 d 4 h"],
    ["from the opening on", { opensAt: NOW }, "Commitments open"],
    ["until the end", { opensAt: NOW, closesAt: NOW + 90 * MINUTE }, "Commitments open · closes in 1 h 30 min"],
    ["in the last minute", { closesAt: NOW + 1 }, "Commitments open · closes in less than a minute"],
    ["from the end on", { opensAt: NOW - HOUR, closesAt: NOW }, "Commitments closed"],
  ])("%s", (_when, window, text) => {
    expect(phase(window)).toBe(text);
  });
});
