import { beforeEach, expect, test, vi } from "vitest";
import { login } from "@/app/actions/auth";
import { POST } from "@/app/auth/sign-in/route";
import { authenticate } from "@/lib/authenticate";
import { fail, success } from "@/lib/result";
import { endSession, startSession } from "@/lib/session";
import { appEnvironment } from "@/tests/support/app-environment";

vi.mock("@/lib/authenticate", () => ({ authenticate: vi.fn() }));
vi.mock("@/lib/session", () => ({
  getSession: () => Promise.resolve(null),
  endSession: vi.fn(),
  startSession: vi.fn(),
}));

const APP_URL = "http://localhost:3000";

beforeEach(() => {
  vi.clearAllMocks();
  const environment = { ...appEnvironment({ databaseUrl: "file::memory:", sandboxPort: 4010 }), APP_URL };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});

/** Where the browser is sent after the sign-in form. */
async function afterSignIn(fields: Record<string, string>): Promise<string | null> {
  const body = new URLSearchParams(fields).toString();
  const type = "application/x-www-form-urlencoded";
  const headers = { Origin: APP_URL, "Content-Type": type, "Content-Length": String(body.length) };
  const answer = await POST(new Request(`${APP_URL}/auth/sign-in`, { method: "POST", headers, body }));
  return answer.headers.get("Location");
}

test("a site's own sign-in sees what the form has sent, and says who it is", async () => {
  vi.mocked(authenticate).mockImplementation((form) => Promise.resolve(success(`user-${String(form.get("name"))}`)));
  expect(await afterSignIn({ name: "ada", returnTo: "/sale" })).toBe(`${APP_URL}/sale`);
  expect(startSession).toHaveBeenCalledExactlyOnceWith("user-ada");
});

test("who is refused is told so, and the session that is there stays", async () => {
  vi.mocked(authenticate).mockResolvedValue(fail("session/refused"));
  expect(await afterSignIn({ name: "eve" })).toBe(`${APP_URL}/oauth/error?code=session%2Frefused`);
  expect(await login(new FormData())).toEqual(fail("session/refused"));
  expect(endSession).not.toHaveBeenCalled();
  expect(startSession).not.toHaveBeenCalled();
});

test("client code may send a form of its own, and anything else counts as an empty one", async () => {
  vi.mocked(authenticate).mockResolvedValue(success("user-ada"));
  const form = new FormData();
  expect(await login(form)).toEqual(success(undefined));
  expect(authenticate).toHaveBeenLastCalledWith(form);
  // An action is called over HTTP, by anybody, with anything.
  const arbitrary: (...args: unknown[]) => Promise<unknown> = (...args) => Reflect.apply(login, undefined, args);
  await arbitrary({ get: "no function" });
  expect(vi.mocked(authenticate).mock.lastCall?.[0]).toBeInstanceOf(FormData);
});
