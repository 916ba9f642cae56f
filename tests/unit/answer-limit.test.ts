import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { rejectionFailure } from "@/hooks/use-seeded-query";
import { limitActions } from "@/lib/http/answer-limit";

const LIMIT_MS = 100;

let server: Server;
let url: string;
const scope = { fetch };

beforeAll(async () => {
  limitActions(scope, LIMIT_MS);
  server = createServer((request, response) => {
    if (request.url === "/answers") response.end("answer");
    if (request.url === "/begins") response.write("begins");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const action = (path: string) => scope.fetch(`${url}${path}`, { method: "POST", headers: { "next-action": "1" } });

test("a server action that gets no answer, or the beginning of one, ends as a failure that can be tried again", async () => {
  const ends = [action("/silent"), action("/begins").then((response) => response.text())];
  for (const end of ends) {
    const error: unknown = await end.catch((reason: unknown) => reason);
    expect(rejectionFailure(error)).toMatchObject({
      code: "request/offline",
      message: "This site did not answer in time.",
      recovery: "retry",
    });
  }
});

test("an action that is answered is left alone", async () => {
  expect(await (await action("/answers")).text()).toBe("answer");
});

test("other requests get no limit from here, nor do those that have their own", async () => {
  const asked = vi.fn<typeof fetch>(async () => new Response());
  const other = { fetch: asked };
  limitActions(other, LIMIT_MS);
  await other.fetch("/wallet");
  const { signal } = new AbortController();
  await other.fetch("/", { headers: { "next-action": "1" }, signal });
  expect(asked.mock.calls).toEqual([
    ["/wallet", undefined],
    ["/", { headers: { "next-action": "1" }, signal }],
  ]);
});
