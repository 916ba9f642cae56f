import { fireEvent, render, screen } from "@testing-library/react";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Ago, Moment } from "@/components/ui/moment";
import { OnDemand } from "@/components/ui/on-demand";

const DEADLINE = Date.UTC(2026, 11, 20, 18);

afterEach(() => vi.restoreAllMocks());

describe("a moment", () => {
  it("adds the visitor's own time after hydration, and nothing to what the server rendered", () => {
    vi.spyOn(Date.prototype, "getTimezoneOffset").mockReturnValue(-60);
    expect(renderToString(<Moment at={DEADLINE} own />)).not.toContain("your time");
    render(<Moment at={DEADLINE} own />);
    expect(screen.getByRole("time")).toHaveTextContent("20 Dec 2026, 18:00 UTC, 19:00 your time");
  });

  it("adds no time of its own where nobody asks for it, or where the visitor's clock shows UTC", () => {
    vi.spyOn(Date.prototype, "getTimezoneOffset").mockReturnValue(0);
    render(<Moment at={DEADLINE} own />);
    expect(screen.getByRole("time")).toHaveTextContent(/^20 Dec 2026, 18:00 UTC$/);
  });
});

describe("a time that has passed", () => {
  it("is short for the eye, and exact under the pointer and for a screen reader", () => {
    render(<Ago at={DEADLINE} now={DEADLINE + 150_000} />);
    const time = screen.getByTitle("20 Dec 2026, 18:00 UTC");
    expect(time).toHaveTextContent("2 min ago20 Dec 2026, 18:00 UTC");
    expect(screen.getByText("2 min ago")).toHaveAttribute("aria-hidden");
  });
});

describe("an exact figure on demand", () => {
  it("is shown by a press and hidden by Escape, and shown under the mouse", () => {
    render(<OnDemand short="1.23 M" exact="1,234,567.50" />);
    const button = screen.getByRole("button", { name: "1,234,567.50" });
    const isShown = () => screen.queryAllByText("1,234,567.50").length > 1;
    expect(isShown()).toBe(false);
    fireEvent.click(button);
    expect(isShown()).toBe(true);
    fireEvent.keyDown(button, { key: "Escape" });
    expect(isShown()).toBe(false);
    fireEvent.pointerEnter(button, { pointerType: "mouse" });
    expect(isShown()).toBe(true);
    fireEvent.pointerLeave(button);
    expect(isShown()).toBe(false);
  });
});
