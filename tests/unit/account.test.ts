import { beforeEach, expect, test, vi } from "vitest";
import { login } from "@/app/actions/auth";
import { POST } from "@/app/auth/sign-in/route";
import { signInAs } from "@/lib/account";
import { silenceLog } from "@/lib/http/log";
import { checkConnectRate, checkSignInRate } from "@/lib/http/rate-limit";
import { fail, success, type Result } from "@/lib/result";
import {
  browserName,
  findUser,
  forgetUser,
  hasSessionCookie,
  revokeBrowser,
  revokeSession,
  sentSession,
  startSession,
  type SignIn,
} from "@/lib/session";
import { appEnvironment } from "@/tests/support/app/app-environment";

// In place of whatever a fork's file does.
const authenticate = vi.hoisted(() => vi.fn<(form: FormData) => Promise<Result<SignIn>>>());
vi.mock("@/lib/authenticate", () => ({ authenticate }));
vi.mock("@/lib/session", () => ({
  browserName: vi.fn(),
  demoUser: () => ({ id: "demo-1", name: "Demo user" }),
  hasSessionCookie: vi.fn(),
  findUser: vi.fn(),
  forgetUser: vi.fn(),
  revokeBrowser: vi.fn(),
  revokeSession: vi.fn(),
  sentSession: vi.fn(),
  startSession: vi.fn(),
}));
vi.mock("next/headers", () => ({ headers: () => Promise.resolve(new Headers({ "x-forwarded-for": "192.0.2.7" })) }));
vi.mock("next/server", async (original) => ({ ...(await original<object>()), after: vi.fn() }));
vi.mock("@/lib/http/rate-limit", () => ({
  checkCallbackRate: vi.fn(),
  checkConnectRate: vi.fn(),
  checkSignInRate: vi.fn(),
}));

const APP_URL = "http://localhost:3000";
const BROWSER = "this browser";
const ADA = { id: "user-ada", name: "Ada" };

/** The process reads its environment once. */
function forgetEnvironment(): void {
  Reflect.deleteProperty(globalThis, Symbol.for("sonar-app.env"));
}

beforeEach(() => {
  vi.clearAllMocks();
  silenceLog();
  forgetEnvironment();
  vi.mocked(checkConnectRate).mockResolvedValue(success(undefined));
  vi.mocked(checkSignInRate).mockResolvedValue(success(undefined));
  vi.mocked(hasSessionCookie).mockResolvedValue(false);
  vi.mocked(browserName).mockResolvedValue(BROWSER);
  vi.mocked(revokeBrowser).mockResolvedValue();
  vi.mocked(revokeSession).mockResolvedValue();
  vi.mocked(findUser).mockResolvedValue(null);
  vi.mocked(sentSession).mockResolvedValue(undefined);
  const common = appEnvironment({ databaseUrl: "file::memory:", sandboxPort: 4010 });
  const environment = { ...common, APP_URL, DEMO_SIGN_IN: "0" };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});

async function postSignIn(fields: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams(fields).toString();
  const type = "application/x-www-form-urlencoded";
  const headers = { Origin: APP_URL, "Content-Type": type, "Content-Length": String(body.length) };
  return POST(new Request(`${APP_URL}/auth/sign-in`, { method: "POST", headers, body }));
}

/** The address that the browser is sent to after the sign-in form. */
async function afterSignIn(fields: Record<string, string>): Promise<string | null> {
  return (await postSignIn(fields)).headers.get("Location");
}

/** A browser in which somebody is signed in. */
function somebodyIsHere(): void {
  vi.mocked(hasSessionCookie).mockResolvedValue(true);
  vi.mocked(sentSession).mockResolvedValue("earlier");
  vi.mocked(forgetUser).mockResolvedValue("earlier");
}

test("a site's own sign-in receives the form and returns the user", async () => {
  authenticate.mockImplementation((form) =>
    Promise.resolve(success({ user: { id: `user-${String(form.get("name"))}` } })),
  );
  expect(await afterSignIn({ name: "ada", returnTo: "/sale" })).toBe(`${APP_URL}/sale`);
  expect(startSession).toHaveBeenCalledExactlyOnceWith({ id: "user-ada" }, BROWSER);
});

test("where somebody else identifies the user, the browser is sent there, and an existing session stays until then", async () => {
  somebodyIsHere();
  authenticate.mockResolvedValue(success({ continueAt: "https://id.example.com/authorize?state=1" }));
  expect(await afterSignIn({})).toBe("https://id.example.com/authorize?state=1");
  expect(await login()).toEqual(success({ url: "https://id.example.com/authorize?state=1" }));
  authenticate.mockResolvedValue(success({ continueAt: "/sign-in?problem=wrong" }));
  expect(await afterSignIn({})).toBe(`${APP_URL}/sign-in?problem=wrong`);
  expect(forgetUser).not.toHaveBeenCalled();
  expect(startSession).not.toHaveBeenCalled();
});

test("DEMO_SIGN_IN=1 makes everybody a new demo user, whatever the site's own sign-in says", async () => {
  vi.stubEnv("DEMO_SIGN_IN", "1");
  authenticate.mockResolvedValue(fail("session/refused"));
  expect(await afterSignIn({})).toBe(`${APP_URL}/`);
  expect(authenticate).not.toHaveBeenCalled();
  expect(startSession).toHaveBeenCalledExactlyOnceWith({ id: "demo-1", name: "Demo user" }, BROWSER);
});

test("more sign-ins than a network may make in a minute are refused, and an existing session stays", async () => {
  somebodyIsHere();
  authenticate.mockResolvedValue(success({ user: ADA }));
  const refusal = fail("login/too_many", { retryAfter: 17 });
  vi.mocked(checkSignInRate).mockResolvedValue(refusal);
  const answer = await postSignIn({});
  expect([answer.status, answer.headers.get("Retry-After")]).toEqual([429, "17"]);
  // Without JavaScript too, the browser ends on the page that explains it.
  expect(answer.headers.get("Refresh")).toBe(`0; url=${APP_URL}/oauth/error?code=login%2Ftoo_many`);
  expect(await answer.text()).toContain(`href="${APP_URL}/oauth/error?code=login%2Ftoo_many"`);
  expect(await login()).toEqual(refusal);
  expect(forgetUser).not.toHaveBeenCalled();
  expect(startSession).not.toHaveBeenCalled();
});

test("a user whom a route of its own has identified replaces the previous one in the same way", async () => {
  somebodyIsHere();
  expect(await signInAs(ADA)).toEqual(success(undefined));
  expect(revokeBrowser).toHaveBeenCalledExactlyOnceWith("earlier");
  expect(startSession).toHaveBeenCalledExactlyOnceWith(ADA, BROWSER);
});

test("a refused user is told so, and an existing session stays", async () => {
  somebodyIsHere();
  authenticate.mockResolvedValue(fail("session/refused"));
  expect(await afterSignIn({ name: "eve" })).toBe(`${APP_URL}/oauth/error?code=session%2Frefused`);
  expect(await login(new FormData())).toEqual(fail("session/refused"));
  expect(forgetUser).not.toHaveBeenCalled();
  expect(revokeBrowser).not.toHaveBeenCalled();
  expect(startSession).not.toHaveBeenCalled();
});

test("the previous user is signed out first", async () => {
  somebodyIsHere();
  authenticate.mockResolvedValue(success({ user: ADA }));
  expect(await afterSignIn({})).toBe(`${APP_URL}/`);
  expect(revokeBrowser).toHaveBeenCalledExactlyOnceWith("earlier");
  expect(startSession).toHaveBeenCalledExactlyOnceWith(ADA, BROWSER);
});

test("nobody is signed in while the old session could not be ended; the browser has already forgotten it", async () => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  somebodyIsHere();
  authenticate.mockResolvedValue(success({ user: ADA }));
  vi.mocked(revokeBrowser).mockRejectedValue(new Error("read-only"));
  expect(await afterSignIn({})).toBe(`${APP_URL}/oauth/error?code=session%2Fnot_ended`);
  expect(forgetUser).toHaveBeenCalledOnce();
  expect(startSession).not.toHaveBeenCalled();
});

test("the same person's new session is there before the old one ends, and this browser forgets nothing", async () => {
  somebodyIsHere();
  vi.mocked(findUser).mockResolvedValue(ADA.id);
  expect(await signInAs(ADA)).toEqual(success(undefined));
  expect(forgetUser).not.toHaveBeenCalled();
  expect(startSession).toHaveBeenCalledExactlyOnceWith(ADA, BROWSER);
  expect(revokeSession).toHaveBeenCalledExactlyOnceWith("earlier");
  expect(startSession).toHaveBeenCalledBefore(vi.mocked(revokeSession));
});

test("the same person is told if the old session could not be ended; the new one ends, and this browser forgets both", async () => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  somebodyIsHere();
  vi.mocked(findUser).mockResolvedValue(ADA.id);
  vi.mocked(revokeSession).mockRejectedValueOnce(new Error("read-only"));
  vi.mocked(forgetUser).mockResolvedValue("new");
  expect(await signInAs(ADA)).toEqual(fail("session/not_ended"));
  expect(revokeSession).toHaveBeenCalledExactlyOnceWith("earlier");
  expect(revokeBrowser).toHaveBeenCalledExactlyOnceWith("new");
});

test("client code may send its own form; anything else counts as an empty one", async () => {
  authenticate.mockResolvedValue(success({ user: ADA }));
  const form = new FormData();
  expect(await login(form)).toEqual(success({ url: "/" }));
  expect(authenticate).toHaveBeenLastCalledWith(form);
  // An action is called over HTTP, by anybody, with anything.
  const arbitrary: (...args: unknown[]) => Promise<unknown> = (...args) => Reflect.apply(login, undefined, args);
  await arbitrary({ get: "no function" });
  expect(authenticate.mock.lastCall?.[0]).toBeInstanceOf(FormData);
});
