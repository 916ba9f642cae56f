import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { EntityInvestment } from "@echoxyz/sonar-core";
import { InvestmentHistory } from "@/app/_home/investments";
import { failure, type Read } from "@/lib/result";

function renderHistory(history: Read<readonly EntityInvestment[]>) {
  render(<InvestmentHistory history={history} returnTo="/" />);
}

describe("InvestmentHistory", () => {
  it("lists company, round and day", () => {
    renderHistory({
      status: "ready",
      value: [{ CompanyName: "Analytical Engines", Round: "Seed", InvestedOn: "2024-05-04T23:59:59Z" }],
    });
    expect(screen.getByRole("listitem")).toHaveTextContent("Analytical Engines Seed4 May 2024");
  });

  it("shows a day that it cannot parse unchanged", () => {
    renderHistory({ status: "ready", value: [{ CompanyName: "A", Round: "B", InvestedOn: "spring" }] });
    expect(screen.getByRole("listitem")).toHaveTextContent("spring");
  });

  it("says so when there is none", () => {
    renderHistory({ status: "ready", value: [] });
    expect(screen.getByText("No investments on Echo yet.")).toBeVisible();
  });

  it("offers another try after a passing failure", () => {
    renderHistory({ status: "failed", failure: failure("api/server_error") });
    expect(screen.getByRole("link", { name: "Try again" })).toBeVisible();
  });

  it.each(["connection/reconnect_required", "session/missing"] as const)(
    "leaves the request for a new connection to the journey after %s",
    (code) => {
      renderHistory({ status: "failed", failure: failure(code) });
      expect(screen.queryByRole("button")).toBeNull();
      expect(screen.queryByRole("alert")).toBeNull();
    },
  );
});
