import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useLongWait } from "@/hooks/use-long-wait";

const LIMIT_MS = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function waiting(what: string | undefined) {
  return renderHook((props: { what?: string }) => useLongWait(props.what, LIMIT_MS), {
    initialProps: what === undefined ? {} : { what },
  });
}

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

it("a wait is long after its limit, and each one is counted by itself", async () => {
  const { result, rerender } = waiting("sign");
  await pass(LIMIT_MS - 1);
  expect(result.current).toBe(false);
  await pass(1);
  expect(result.current).toBe(true);
  rerender({ what: "send" });
  expect(result.current).toBe(false);
  await pass(LIMIT_MS);
  rerender({});
  expect(result.current).toBe(false);
  rerender({ what: "send" });
  expect(result.current, "the same request, made again").toBe(false);
});

it("a wait while the timers of a hidden tab stood still is long as soon as the page is looked at", async () => {
  const { result } = waiting("send");
  vi.setSystemTime(Date.now() + LIMIT_MS);
  await act(async () => void document.dispatchEvent(new Event("visibilitychange")));
  expect(result.current).toBe(true);
});

it("waiting for nothing is never long", async () => {
  const { result } = waiting(undefined);
  await pass(10 * LIMIT_MS);
  expect(result.current).toBe(false);
});
