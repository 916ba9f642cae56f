import { fireEvent, render, screen } from "@testing-library/react";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Ago, Moment } from "@/components/ui/moment";

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
  it("is short for the eye and exact for a screen reader; a press shows the exact one, and Escape hides it", () => {
    const { container } = render(<Ago at={DEADLINE} now={DEADLINE + 150_000} />);
    const short = screen.getByRole("button", { name: "20 Dec 2026, 18:00 UTC" });
    expect(short).toHaveTextContent("2 min ago");
    const bubble = () => container.querySelectorAll("[aria-hidden]").length > 1;
    expect(bubble()).toBe(false);
    fireEvent.click(short);
    expect(bubble()).toBe(true);
    fireEvent.keyDown(short, { key: "Escape" });
    expect(bubble()).toBe(false);
    fireEvent.pointerEnter(short, { pointerType: "mouse" });
    expect(bubble()).toBe(true);
    fireEvent.pointerLeave(short);
    expect(bubble()).toBe(false);
  });
});
