import { render, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { disconnectSonar, getSonarAuthorizationUrl, login, logout } from "@/app/actions/auth";
import { DemoStrip } from "@/components/layout/demo-strip";
import { SessionProvider } from "@/hooks/page-provider";
import { useSession } from "@/hooks/use-session";
import { SANDBOX_DEMO_STORAGE } from "@/lib/config/sandbox";
import { fail, success } from "@/lib/result";

vi.mock("@/app/actions/auth", () => ({
  login: vi.fn(),
  logout: vi.fn(),
  disconnectSonar: vi.fn(),
  getSonarAuthorizationUrl: vi.fn(),
}));

const assign = vi.fn();

beforeEach(() => vi.stubGlobal("location", { assign }));
afterEach(() => vi.clearAllMocks());

function Wrapper({ children }: { children: ReactNode }) {
  return (
    <SessionProvider session={{ signedIn: true, connected: ["sonar"], sonarConnected: true, viewKey: "view" }}>
      {children}
    </SessionProvider>
  );
}

function session() {
  return renderHook(() => useSession(), { wrapper: Wrapper }).result.current;
}

test("it says who is signed in and connected", () => {
  expect(session()).toMatchObject({ signedIn: true, sonarConnected: true });
});

test("login continues where the server says: on this site, or at an identity provider", async () => {
  vi.mocked(login).mockResolvedValue(success({ url: "/" }));
  await session().login();
  vi.mocked(login).mockResolvedValue(success({ url: "https://id.example.com/authorize" }));
  const form = new FormData();
  await session().login(form);
  expect(vi.mocked(login).mock.lastCall).toEqual([form]);
  expect(assign.mock.calls).toEqual([["/"], ["https://id.example.com/authorize"]]);
});

test.each([
  ["logout", logout],
  ["disconnectSonar", disconnectSonar],
] as const)("%s ends in a full page load", async (name, action) => {
  vi.mocked(action).mockResolvedValue(success(undefined));
  await session()[name]();
  expect(assign).toHaveBeenCalledExactlyOnceWith("/");
});

test("connectSonar leaves for the consent page", async () => {
  vi.mocked(getSonarAuthorizationUrl).mockResolvedValue(success({ url: "https://app.echo.xyz/oauth/authorize" }));
  await session().connectSonar("/sale");
  expect(getSonarAuthorizationUrl).toHaveBeenCalledWith("/sale");
  expect(assign).toHaveBeenCalledExactlyOnceWith("https://app.echo.xyz/oauth/authorize");
});

test("a refused action rejects with its Failure and leaves the page as it is", async () => {
  vi.mocked(logout).mockResolvedValue(fail("request/unexpected"));
  await expect(session().logout()).rejects.toMatchObject({ code: "request/unexpected" });
  expect(assign).not.toHaveBeenCalled();
});

test("a sign-out that the server could not finish still leaves the page, for the one that says so", async () => {
  vi.mocked(logout).mockResolvedValue(fail("session/not_ended"));
  await session().logout();
  expect(assign).toHaveBeenCalledExactlyOnceWith("/oauth/error?code=session%2Fnot_ended");
});

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
  render(<DemoStrip startedAt={2} now={2} />);
  expect(reload).not.toHaveBeenCalled();
  document.dispatchEvent(new Event("DOMContentLoaded"));
  expect(reload).toHaveBeenCalledOnce();
  readyState.mockRestore();
});
