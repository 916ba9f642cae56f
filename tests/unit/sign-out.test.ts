import { beforeEach, expect, test, vi } from "vitest";
import { readSignedInBrowsers, signOut, signOutBrowser } from "@/lib/account";
import { silenceLog } from "@/lib/http/log";
import { fail, success } from "@/lib/result";
import { findUser, forgetUser, getSession, listSessions, revokeAllSessions, revokeBrowser } from "@/lib/session";
import type { ListedSession } from "@/lib/stores/contracts";
import { appEnvironment } from "@/tests/support/app/app-environment";

vi.mock("@/lib/session", async (original) => ({
  ...(await original<object>()),
  findUser: vi.fn(),
  forgetUser: vi.fn(),
  getSession: vi.fn(),
  listSessions: vi.fn(),
  revokeAllSessions: vi.fn(),
  revokeBrowser: vi.fn(),
}));
vi.mock("@/lib/oauth/engine", () => ({
  getEngine: () => Promise.resolve({ log: { info: vi.fn() }, audit: { note: vi.fn() } }),
}));
vi.mock("@/lib/oauth/flow", async (original) => ({ ...(await original<object>()), disconnectAll: vi.fn() }));
vi.mock("next/headers", () => ({ headers: () => Promise.resolve(new Headers()) }));

beforeEach(() => {
  vi.clearAllMocks();
  silenceLog();
  vi.mocked(forgetUser).mockResolvedValue("own");
  vi.mocked(findUser).mockResolvedValue("ada");
  vi.mocked(revokeBrowser).mockResolvedValue();
  vi.mocked(revokeAllSessions).mockResolvedValue();
  const environment = appEnvironment({ databaseUrl: "file::memory:", sandboxPort: 4010 });
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});

test("everywhere ends all sessions of the user", async () => {
  expect(await signOut("everywhere")).toEqual(success(undefined));
  expect(revokeAllSessions).toHaveBeenCalledExactlyOnceWith("ada");
});

test("everywhere says that it could not, if this browser's own session had ended or is not there", async () => {
  vi.mocked(findUser).mockResolvedValue(null);
  expect(await signOut("everywhere")).toEqual(fail("session/not_everywhere"));
  vi.mocked(forgetUser).mockResolvedValue(undefined);
  expect(await signOut("everywhere")).toEqual(fail("session/not_everywhere"));
  expect(await signOut("here")).toEqual(success(undefined));
});

const session = (idHash: string, browserHash: string): ListedSession => ({
  idHash,
  browserHash,
  createdAt: 0,
  seenAt: 0,
});

test("a browser that has signed in again since it was listed is signed out all the same", async () => {
  const own = session("own", "this browser");
  vi.mocked(getSession).mockResolvedValue({ userId: "ada", idHash: "own", viewKey: "" });
  vi.mocked(listSessions).mockResolvedValue([own, session("first", "other browser")]);
  const listed = await readSignedInBrowsers();
  const other = listed.ok ? listed.data.find(({ current }) => !current) : undefined;
  vi.mocked(listSessions).mockResolvedValue([own, session("second", "other browser")]);
  expect(await signOutBrowser(other?.handle ?? "")).toEqual(success(undefined));
  expect(revokeBrowser).toHaveBeenCalledExactlyOnceWith("second");
});
