import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { InvestmentHistory, type InvestmentHistoryView } from "@/components/account/investment-history";
import { failure } from "@/lib/result";

function renderHistory(history: InvestmentHistoryView) {
  render(<InvestmentHistory history={history} returnTo="/" />);
}

describe("InvestmentHistory", () => {
  it("lists company, round and day", () => {
    renderHistory({
      status: "ready",
      investments: [{ CompanyName: "Analytical Engines", Round: "Seed", InvestedOn: "2024-05-04T23:59:59Z" }],
    });
    expect(screen.getByRole("listitem")).toHaveTextContent("Analytical Engines Seed4 May 2024");
  });

  it("shows a day that cannot be read as it came", () => {
    renderHistory({ status: "ready", investments: [{ CompanyName: "A", Round: "B", InvestedOn: "spring" }] });
    expect(screen.getByRole("listitem")).toHaveTextContent("spring");
  });

  it("says so when there is none", () => {
    renderHistory({ status: "ready", investments: [] });
    expect(screen.getByText("No investments on Echo yet.")).toBeVisible();
  });

  it("offers another try after a passing failure", () => {
    renderHistory({ status: "failed", failure: failure("api/server_error") });
    expect(screen.getByRole("link", { name: "Try again" })).toBeVisible();
  });

  it.each(["connection/reconnect_required", "session/missing"] as const)(
    "leaves it to the journey to ask for a new connection after %s",
    (code) => {
      renderHistory({ status: "failed", failure: failure(code) });
      expect(screen.queryByRole("button")).toBeNull();
      expect(screen.queryByRole("alert")).toBeNull();
    },
  );
});
