import { act, render, renderHook, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { disconnectSonar, getSessionStatus, getSonarAuthorizationUrl, login, logout } from "@/app/actions/auth";
import { SessionProvider, useSession } from "@/hooks/use-session";
import { useSonarAuth } from "@/hooks/use-sonar-auth";
import type { SessionStatus } from "@/lib/account";
import { fail, success, type Result } from "@/lib/result";
import { deferred } from "@/tests/support/deferred";

vi.mock("@/app/actions/auth", () => ({
  login: vi.fn(),
  logout: vi.fn(),
  disconnectSonar: vi.fn(),
  getSonarAuthorizationUrl: vi.fn(),
  getSessionStatus: vi.fn(),
}));

const assign = vi.fn();

beforeEach(() => vi.stubGlobal("location", { assign }));
afterEach(() => vi.clearAllMocks());

const CONNECTED: SessionStatus = { signedIn: true, connected: ["sonar"], sonarConnected: true, viewKey: "view" };
const SIGNED_IN: SessionStatus = { signedIn: true, connected: [], sonarConnected: false, viewKey: "view" };
const NOBODY: SessionStatus = { signedIn: false, connected: [], sonarConnected: false, viewKey: "" };

function Wrapper({ children }: { children: ReactNode }) {
  return <SessionProvider session={CONNECTED}>{children}</SessionProvider>;
}

function session() {
  return renderHook(() => useSession(), { wrapper: Wrapper }).result.current;
}

test("it says who is signed in and connected", () => {
  expect(session()).toMatchObject({ signedIn: true, authenticated: true, sonarConnected: true, loading: false });
  expect(getSessionStatus).not.toHaveBeenCalled();
});

test("without a rendered session, it asks for the status, and is loading until then", async () => {
  const answer = deferred<Result<SessionStatus>>();
  vi.mocked(getSessionStatus).mockReturnValue(answer.promise);
  const { result } = renderHook(() => useSession(), { wrapper: SessionProvider });
  expect(result.current).toMatchObject({ authenticated: false, sonarConnected: false, loading: true });
  await act(async () => answer.resolve(success(CONNECTED)));
  expect(result.current).toMatchObject({ authenticated: true, sonarConnected: true, loading: false });
});

test("without a rendered session and without an answer, nobody is signed in", async () => {
  vi.mocked(getSessionStatus).mockRejectedValue(new TypeError("offline"));
  const { result } = renderHook(() => useSession(), { wrapper: SessionProvider });
  await waitFor(() => expect(result.current.loading).toBe(false));
  expect(result.current).toMatchObject({ authenticated: false, sonarConnected: false });
});

test("refreshSession follows the server; without an answer nothing changes, and of two the later counts", async () => {
  const { result } = renderHook(() => useSession(), { wrapper: Wrapper });
  vi.mocked(getSessionStatus).mockResolvedValueOnce(success(SIGNED_IN));
  await act(() => result.current.refreshSession());
  expect(result.current).toMatchObject({ authenticated: true, sonarConnected: false });
  vi.mocked(getSessionStatus).mockResolvedValueOnce(fail("request/unexpected"));
  await act(() => result.current.refreshSession());
  expect(result.current).toMatchObject({ authenticated: true, sonarConnected: false });
  const first = deferred<Result<SessionStatus>>();
  vi.mocked(getSessionStatus).mockReturnValueOnce(first.promise).mockResolvedValueOnce(success(CONNECTED));
  const { refreshSession } = result.current;
  await act(async () => {
    const both = [refreshSession(), refreshSession()];
    await both[1];
    first.resolve(success(NOBODY));
    await Promise.all(both);
  });
  expect(result.current).toMatchObject({ authenticated: true, sonarConnected: true });
});

/** The status that the server has rendered last. */
let given = CONNECTED;

test("a page that the server renders anew counts more than a status that was asked for before", async () => {
  const { result, rerender } = renderHook(() => useSession(), {
    wrapper: ({ children }) => <SessionProvider session={given}>{children}</SessionProvider>,
  });
  vi.mocked(getSessionStatus).mockResolvedValue(success(NOBODY));
  await act(() => result.current.refreshSession());
  expect(result.current.authenticated).toBe(false);
  given = { ...SIGNED_IN };
  rerender();
  expect(result.current.authenticated).toBe(true);
});

test("login and connectSonar can be an event's handler as they are", async () => {
  vi.mocked(login).mockResolvedValue(success({ url: "/" }));
  vi.mocked(getSonarAuthorizationUrl).mockResolvedValue(success({ url: "https://app.echo.xyz/oauth/authorize" }));
  function Buttons() {
    const { login: signIn, connectSonar } = useSession();
    return (
      <>
        <button onClick={signIn}>Sign in</button>
        <button onClick={connectSonar}>Connect</button>
      </>
    );
  }
  render(<Buttons />, { wrapper: Wrapper });
  act(() => screen.getByText("Sign in").click());
  act(() => screen.getByText("Connect").click());
  await waitFor(() => expect(assign).toHaveBeenCalledTimes(2));
  expect(vi.mocked(login).mock.lastCall).toEqual([]);
  expect(vi.mocked(getSonarAuthorizationUrl).mock.lastCall).toEqual([undefined]);
});

/** sonar-react's hook of the authentication, on a page with this status. */
function sonarAuth(status: SessionStatus) {
  vi.stubGlobal("location", { assign, pathname: "/sale", search: "?a=b" });
  return renderHook(() => useSonarAuth(), {
    wrapper: ({ children }) => <SessionProvider session={status}>{children}</SessionProvider>,
  }).result.current;
}

test("useSonarAuth tells the connection, and never a token", () => {
  expect(sonarAuth(CONNECTED)).toMatchObject({ ready: true, authenticated: true, token: undefined });
  expect(sonarAuth(SIGNED_IN)).toMatchObject({ ready: true, authenticated: false, token: undefined });
  vi.mocked(getSessionStatus).mockReturnValue(new Promise(() => undefined));
  const { result } = renderHook(() => useSonarAuth(), { wrapper: SessionProvider });
  expect(result.current).toMatchObject({ ready: false, authenticated: false });
});

test("useSonarAuth's login connects, and signs in first whoever is not", async () => {
  vi.mocked(getSonarAuthorizationUrl).mockResolvedValue(success({ url: "https://app.echo.xyz/oauth/authorize" }));
  vi.mocked(login).mockResolvedValue(success({ url: "/" }));
  await sonarAuth(SIGNED_IN).login();
  expect(login).not.toHaveBeenCalled();
  await sonarAuth(NOBODY).login();
  expect(login).toHaveBeenCalledOnce();
  expect(vi.mocked(getSonarAuthorizationUrl).mock.calls).toEqual([["/sale?a=b"], ["/sale?a=b"]]);
  expect(assign.mock.calls).toEqual(Array(2).fill(["https://app.echo.xyz/oauth/authorize"]));
});

test("useSonarAuth's login stops at an identity provider, where the user has to go first", async () => {
  vi.mocked(login).mockResolvedValue(success({ url: "https://id.example.com/authorize" }));
  await sonarAuth(NOBODY).login();
  expect(assign).toHaveBeenCalledExactlyOnceWith("https://id.example.com/authorize");
  expect(getSonarAuthorizationUrl).not.toHaveBeenCalled();
});

test("useSonarAuth's logout disconnects and loads the page anew; a failure leads to its page", async () => {
  vi.mocked(disconnectSonar).mockResolvedValueOnce(success(undefined));
  sonarAuth(CONNECTED).logout();
  await waitFor(() => expect(assign).toHaveBeenLastCalledWith("/"));
  vi.mocked(disconnectSonar).mockResolvedValueOnce(fail("session/missing"));
  sonarAuth(CONNECTED).logout();
  await waitFor(() => expect(assign).toHaveBeenLastCalledWith("/oauth/error?code=session%2Fmissing"));
  vi.mocked(getSonarAuthorizationUrl).mockResolvedValue(fail("api/rate_limited"));
  await sonarAuth(SIGNED_IN).login();
  expect(assign).toHaveBeenLastCalledWith("/oauth/error?code=api%2Frate_limited");
  expect(logout).not.toHaveBeenCalled();
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
