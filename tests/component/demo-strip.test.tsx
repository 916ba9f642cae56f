import { render } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { DemoStrip } from "@/components/layout/demo-strip";
import { SANDBOX_DEMO_STORAGE } from "@/lib/config/sandbox";
import { PENDING_PREFIX } from "@/lib/purchase/pending";

test("a page of the demo, whose reset is late, waits before it loads again", () => {
  const reload = vi.fn();
  vi.stubGlobal("location", { reload });
  vi.useFakeTimers();
  render(<DemoStrip startedAt={1} nextReset={Date.now() - 60_000} now={Date.now()} />);
  vi.advanceTimersByTime(2_900);
  expect(reload).not.toHaveBeenCalled();
  vi.advanceTimersByTime(10_000);
  expect(reload).toHaveBeenCalledOnce();
  vi.useRealTimers();
});

test("a page about an earlier sale loads again, but not before all of it has arrived", () => {
  const reload = vi.fn();
  vi.stubGlobal("location", { reload });
  const readyState = vi.spyOn(document, "readyState", "get").mockReturnValue("loading");
  localStorage.setItem(SANDBOX_DEMO_STORAGE.sale, "1");
  localStorage.setItem(`${PENDING_PREFIX}of-that-sale`, "{}");
  render(<DemoStrip startedAt={2} now={2} />);
  expect(reload).not.toHaveBeenCalled();
  document.dispatchEvent(new Event("DOMContentLoaded"));
  expect(reload).toHaveBeenCalledOnce();
  readyState.mockRestore();
});
