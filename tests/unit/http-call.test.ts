import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { FailureCode } from "@/lib/failures";
import { deadlineIn } from "@/lib/http/deadline";
import { httpCall } from "@/lib/oauth/http-call";
import { fail, success } from "@/lib/result";
import { startLocalServer, type Handler, type LocalServer } from "@/tests/support/local-server";
import { answering } from "@/tests/support/oauth/standard-bench";
import { hang, reset } from "@/tests/support/oauth/token-server";

let server: LocalServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function call(
  handle: Handler,
  { method = "GET", timeoutMs = 5_000 }: { method?: "GET" | "POST"; timeoutMs?: number } = {},
) {
  const started = (server = await startLocalServer(handle));
  const api = httpCall({
    input: z.object({ name: z.string().max(5) }),
    output: z.object({ greeting: z.string() }),
    request: (body) => ({ method, url: new URL("/hello?x=1", started.origin), ...(method === "POST" && { body }) }),
  });
  const ready = api.prepare({ name: "ada" });
  if (!ready.ok) throw new Error(ready.error.code);
  return { result: await ready.data("access-token", deadlineIn(timeoutMs)), requests: started.requests };
}

describe("an API call", () => {
  it("sends the token as a Bearer and returns the parsed answer, without other fields", async () => {
    const { result, requests } = await call(answering({ greeting: "hello", secret: "x" }));
    expect(result).toEqual(success({ greeting: "hello" }));
    expect(requests).toMatchObject([{ method: "GET", path: "/hello?x=1", body: "" }]);
    expect(requests[0]?.headers.authorization).toBe("Bearer access-token");
  });

  it("sends a body as JSON", async () => {
    const { requests } = await call(answering({ greeting: "hello" }, 201), { method: "POST" });
    expect(requests[0]).toMatchObject({ method: "POST", body: '{"name":"ada"}' });
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
  });

  it("refuses bad input before there is anything to send", () => {
    const api = httpCall({
      input: z.object({ name: z.string() }),
      output: z.unknown(),
      request: () => ({ url: new URL("http://x") }),
    });
    for (const input of [undefined, {}, { name: 1 }, "ada"])
      expect(api.prepare(input)).toEqual(fail("api/invalid_request"));
  });

  it.each([
    [400, "api/invalid_request"],
    [401, "api/unauthorized"],
    [403, "api/forbidden"],
    [404, "api/not_found"],
    [409, "api/invalid_response"],
    [422, "api/invalid_request"],
    [429, "api/rate_limited"],
    [500, "api/server_error"],
    [503, "api/server_error"],
  ] satisfies [number, FailureCode][])("status %i is %s, and nothing of the body is kept", async (status, code) => {
    const { result } = await call(answering({ message: "canary" }, status));
    expect(result).toEqual(fail(code, { status }));
  });

  it.each([400, 401, 403, 404])("a gateway's page with %d is no word of the provider's", async (status) => {
    const { result } = await call((_request, response) => void response.writeHead(status).end("<html>canary</html>"));
    expect(result).toEqual(fail("api/server_error", { status }));
  });

  it("a 401 is the same with a challenge and without", async () => {
    const { result } = await call(answering({}, 401, { "WWW-Authenticate": 'Bearer error="invalid_token"' }));
    expect(result).toEqual(fail("api/unauthorized", { status: 401 }));
  });

  it.each([
    ["of another shape", answering({ hello: 1 })],
    ["no JSON", (_request, response) => void response.writeHead(200).end("<h1>")],
    ["empty", (_request, response) => void response.writeHead(200).end()],
  ] satisfies [string, Handler][])("a body that is %s cannot be read", async (_case, handle) => {
    expect((await call(handle)).result).toEqual(fail("api/invalid_response", { status: 200 }));
  });

  it("the wait for a silent server ends at the deadline", async () => {
    expect((await call(hang, { timeoutMs: 200 })).result).toEqual(fail("api/network_error", { reason: "timeout" }));
  });

  it("over a broken connection, reading is tried twice and writing once", async () => {
    const failure = fail("api/network_error", { reason: "unreachable" });
    const read = await call(reset);
    expect([read.result, read.requests.length]).toEqual([failure, 2]);
    await server?.close();
    const written = await call(reset, { method: "POST" });
    expect([written.result, written.requests.length]).toEqual([failure, 1]);
  });

  it("is not redirected: the token reaches no other host", async () => {
    const { result, requests } = await call(
      (_request, response) => void response.writeHead(302, { Location: "/x" }).end(),
    );
    expect([result, requests.length]).toEqual([fail("api/network_error", { reason: "unreachable" }), 1]);
  });
});
