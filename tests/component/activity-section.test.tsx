import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { ActivitySection } from "@/app/activity/activity-section";
import { useActivity } from "@/hooks/use-activity";
import type { OwnActivity } from "@/lib/sonar/activity";

// The read belongs to the server: this test covers what the page says of its answer.
vi.mock("@/hooks/use-activity", () => ({ useActivity: vi.fn() }));

function show(older: OwnActivity["older"]) {
  const activity = { entries: [], entities: [], older, block: 1 };
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

it("a complete list without entries says that there are none", () => {
  show("none");
  expect(screen.getByText(/^Nothing yet/)).toBeVisible();
  expect(screen.queryByText(/missing/)).toBeNull();
});
