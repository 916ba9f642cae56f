import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { ActivitySection } from "@/app/activity/activity-section";
import { MissingEntry } from "@/components/activity/entry-receipt";
import { useActivity } from "@/hooks/use-activity";
import type { OwnActivity } from "@/lib/sonar/activity";

// The read belongs to the server: this test covers what the page says of its answer.
vi.mock("@/hooks/use-activity", () => ({ useActivity: vi.fn() }));

function show(
  missing: OwnActivity["missing"],
  entities: OwnActivity["entities"] = [{ id: "0x01", name: "Ada Lovelace" }],
) {
  const activity = { entries: [], entities, missing, block: 1 };
  vi.mocked(useActivity).mockReturnValue({
    activity,
    refetch: vi.fn(),
    refreshing: false,
    authenticated: true,
    loading: false,
  });
  render(<ActivitySection />);
}

it("a list that may lack entries says so, and offers to look again", () => {
  show("behind");
  expect(screen.getByText("Some entries are missing")).toBeVisible();
  expect(screen.getByRole("button", { name: "Try again" })).toBeVisible();
  expect(screen.queryByText(/^Nothing yet/)).toBeNull();
});

it("a receipt's address that was not found is called unknown only after a complete search", () => {
  const { rerender } = render(<MissingEntry missing="none" returnTo="/activity/0x1-2" />);
  expect(screen.getByText("There is no such entry")).toBeVisible();
  for (const missing of ["behind", "to-search", "unread", "outdated"] as const) {
    rerender(<MissingEntry missing={missing} returnTo="/activity/0x1-2" />);
    expect(screen.queryByText("There is no such entry")).toBeNull();
    expect(screen.getByText("This entry was not found yet")).toBeVisible();
    expect(screen.getByRole("link", { name: "Try again" })).toHaveAttribute("href", "/activity/0x1-2");
  }
});

it("a complete list without entries says that there are none", () => {
  show("none");
  expect(screen.getByText(/^Nothing yet/)).toBeVisible();
  expect(screen.getByText("Ada Lovelace")).toBeVisible();
  expect(screen.queryByText(/missing/)).toBeNull();
});

it("a list without entities says that Sonar lists none, and nothing of entries", () => {
  show("none", []);
  expect(screen.getByText(/^Sonar lists no entity/)).toBeVisible();
  expect(screen.queryByText(/^Nothing yet/)).toBeNull();
});
