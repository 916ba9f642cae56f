import { beforeEach, expect, test, vi } from "vitest";
import { login } from "@/app/actions/auth";
import { POST } from "@/app/auth/sign-in/route";
import { authenticate } from "@/lib/authenticate";
import { fail, success } from "@/lib/result";
import { hasSessionCookie, forgetUser, revokeSession, startSession } from "@/lib/session";
import { appEnvironment } from "@/tests/support/app/app-environment";

vi.mock("@/lib/authenticate", () => ({ authenticate: vi.fn() }));
vi.mock("@/lib/session", () => ({
  hasSessionCookie: vi.fn(),
  findUser: () => Promise.resolve(null),
  forgetUser: vi.fn(),
  revokeSession: vi.fn(),
  startSession: vi.fn(),
}));
vi.mock("next/headers", () => ({ headers: () => Promise.resolve(new Headers()) }));

const APP_URL = "http://localhost:3000";

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(hasSessionCookie).mockResolvedValue(false);
  vi.mocked(revokeSession).mockResolvedValue();
  const environment = { ...appEnvironment({ databaseUrl: "file::memory:", sandboxPort: 4010 }), APP_URL };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});

/** The address that the browser is sent to after the sign-in form. */
async function afterSignIn(fields: Record<string, string>): Promise<string | null> {
  const body = new URLSearchParams(fields).toString();
  const type = "application/x-www-form-urlencoded";
  const headers = { Origin: APP_URL, "Content-Type": type, "Content-Length": String(body.length) };
  const answer = await POST(new Request(`${APP_URL}/auth/sign-in`, { method: "POST", headers, body }));
  return answer.headers.get("Location");
}

/** A browser in which somebody is signed in. */
function somebodyIsHere(): void {
  vi.mocked(hasSessionCookie).mockResolvedValue(true);
  vi.mocked(forgetUser).mockResolvedValue("earlier");
}

test("a site's own sign-in receives the form and returns the user", async () => {
  vi.mocked(authenticate).mockImplementation((form) => Promise.resolve(success(`user-${String(form.get("name"))}`)));
  expect(await afterSignIn({ name: "ada", returnTo: "/sale" })).toBe(`${APP_URL}/sale`);
  expect(startSession).toHaveBeenCalledExactlyOnceWith("user-ada");
});

test("a refused user is told so, and an existing session stays", async () => {
  somebodyIsHere();
  vi.mocked(authenticate).mockResolvedValue(fail("session/refused"));
  expect(await afterSignIn({ name: "eve" })).toBe(`${APP_URL}/oauth/error?code=session%2Frefused`);
  expect(await login(new FormData())).toEqual(fail("session/refused"));
  expect(forgetUser).not.toHaveBeenCalled();
  expect(revokeSession).not.toHaveBeenCalled();
  expect(startSession).not.toHaveBeenCalled();
});

test("the previous user is signed out first", async () => {
  somebodyIsHere();
  vi.mocked(authenticate).mockResolvedValue(success("user-ada"));
  expect(await afterSignIn({})).toBe(`${APP_URL}/`);
  expect(revokeSession).toHaveBeenCalledExactlyOnceWith("earlier");
  expect(startSession).toHaveBeenCalledExactlyOnceWith("user-ada");
});

test("nobody is signed in while the old session could not be ended; the browser has already forgotten it", async () => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  somebodyIsHere();
  vi.mocked(authenticate).mockResolvedValue(success("user-ada"));
  vi.mocked(revokeSession).mockRejectedValue(new Error("read-only"));
  expect(await afterSignIn({})).toBe(`${APP_URL}/oauth/error?code=session%2Fnot_ended`);
  expect(forgetUser).toHaveBeenCalledOnce();
  expect(startSession).not.toHaveBeenCalled();
});

test("client code may send its own form; anything else counts as an empty one", async () => {
  vi.mocked(authenticate).mockResolvedValue(success("user-ada"));
  const form = new FormData();
  expect(await login(form)).toEqual(success(undefined));
  expect(authenticate).toHaveBeenLastCalledWith(form);
  // An action is called over HTTP, by anybody, with anything.
  const arbitrary: (...args: unknown[]) => Promise<unknown> = (...args) => Reflect.apply(login, undefined, args);
  await arbitrary({ get: "no function" });
  expect(vi.mocked(authenticate).mock.lastCall?.[0]).toBeInstanceOf(FormData);
});
