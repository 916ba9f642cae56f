import { AsyncLocalStorage } from "node:async_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it, vi } from "vitest";
import { deadlineIn, partOf } from "@/lib/http/deadline";
import { outsideRequests } from "@/lib/http/outside-requests";
import { upstreamFetch } from "@/lib/http/upstream";
import { freePort, answerJson, startLocalServer, type Handler, type LocalServer } from "@/tests/support/local-server";

const SOON = 150;
const LATER = 20_000;
const idempotent = () => true;
const notIdempotent = () => false;

let server: LocalServer | undefined;

async function serve(handle: Handler): Promise<LocalServer> {
  return (server = await startLocalServer(handle));
}

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  for (let round = 0; round < 10; round += 1) {
    if (typeof collect === "function") collect();
    // What a round has made free is collected in a later task.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it("asks as if no request had begun the call: of some, Next's fetch answers nothing", async () => {
  outsideRequests(() => undefined);
  const { origin } = await serve((_request, response) => void response.end("{}"));
  const request = new AsyncLocalStorage<string>();
  const askedIn: (string | undefined)[] = [];
  const own = fetch;
  vi.stubGlobal("fetch", (...args: Parameters<typeof fetch>) => {
    askedIn.push(request.getStore());
    return own(...args);
  });
  await request.run("a request", () => upstreamFetch("test", deadlineIn(LATER), idempotent)(origin));
  vi.unstubAllGlobals();
  expect(askedIn).toEqual([undefined]);
});

describe("the deadline", () => {
  /** A deadline that is over when the test says so. */
  function deadlineOnCall() {
    const controller = new AbortController();
    const expire = () => controller.abort(new DOMException("Too late", "TimeoutError"));
    return { deadline: { signal: controller.signal }, expire };
  }

  it("is over after its time", async () => {
    const { origin } = await serve(() => undefined);
    const request = upstreamFetch("test", deadlineIn(SOON), idempotent)(origin);
    await expect(request).rejects.toMatchObject({ name: "TimeoutError" });
  });

  it("ends a request that is never answered, and the request is not repeated", async () => {
    const { deadline, expire } = deadlineOnCall();
    const { origin, requests } = await serve(expire);
    await expect(upstreamFetch("test", deadline, idempotent)(origin)).rejects.toMatchObject({ name: "TimeoutError" });
    expect(requests).toHaveLength(1);
  });

  it("ends an answer whose body never ends", async () => {
    const { deadline, expire } = deadlineOnCall();
    const { origin } = await serve((_request, response) => void response.writeHead(200).write("{"));
    const answer = await upstreamFetch("test", deadline, idempotent)(origin);
    expire();
    await expect(answer.text()).rejects.toBeInstanceOf(DOMException);
  });

  it("ends such an answer also if the request behind it has been collected as garbage meanwhile", async () => {
    const { deadline, expire } = deadlineOnCall();
    const { origin } = await serve((_request, response) => void response.writeHead(200).write("{"));
    const answer = await upstreamFetch("test", deadline, idempotent)(origin);
    const text = answer.text();
    await collectGarbage();
    expire();
    await expect(text).rejects.toBeInstanceOf(DOMException);
  });

  it("has parts that end sooner, also after garbage has been collected, and never later", async () => {
    const { origin } = await serve((_request, response) => void response.writeHead(200).write("{"));
    const ask = async () => (await upstreamFetch("test", partOf(deadlineIn(LATER), 500), idempotent)(origin)).text();
    const text = ask();
    text.catch(() => undefined);
    await collectGarbage();
    await expect(text).rejects.toMatchObject({ name: "TimeoutError" });
    expect(partOf(deadlineIn(SOON), LATER).left()).toBeLessThanOrEqual(SOON);
  });

  it("that is over has no part that is not", () => {
    const signal = AbortSignal.abort("over");
    expect(partOf({ signal, left: () => -1 }, LATER).signal).toBe(signal);
  });

  it("is one for all requests of an action: once it is over, none is made", async () => {
    const { deadline, expire } = deadlineOnCall();
    const { origin, requests } = await serve((_request, response) => answerJson(response, 200, {}));
    const request = upstreamFetch("test", deadline, idempotent);
    await request(origin);
    expire();
    await expect(request(origin)).rejects.toMatchObject({ name: "TimeoutError" });
    expect(requests).toHaveLength(1);
  });
});

describe("a redirect", () => {
  it.each([301, 302, 303, 307, 308])("with %s is refused: a token must not travel to another host", async (status) => {
    const { origin, requests } = await serve((_request, response) => {
      response.writeHead(status, { Location: "/elsewhere" }).end();
    });
    const headers = { authorization: "api:Bearer token" };
    const request = upstreamFetch(
      "test",
      deadlineIn(LATER),
      idempotent,
    )(origin, { method: "POST", headers, body: "{}" });
    await expect(request).rejects.toThrow(TypeError);
    expect(requests.map(({ path }) => path)).toEqual(["/"]);
  });
});

describe("a connection that breaks before the answer", () => {
  const breakFirst: Handler = (_request, response) => {
    if (server?.requests.length === 1) response.destroy();
    else answerJson(response, 200, {});
  };

  it("is tried once more where that does no harm, with the same request", async () => {
    const { origin, requests } = await serve(breakFirst);
    const init = { method: "POST", headers: { authorization: "api:Bearer token" }, body: '{"SaleUUID":"s"}' };
    const answer = await upstreamFetch("test", deadlineIn(LATER), idempotent)(`${origin}/read`, init);
    expect(answer.status).toBe(200);
    expect(requests.map(({ path, body, headers }) => [path, body, headers.authorization])).toEqual([
      ["/read", '{"SaleUUID":"s"}', "api:Bearer token"],
      ["/read", '{"SaleUUID":"s"}', "api:Bearer token"],
    ]);
  });

  it("is never tried again otherwise: the first request may have been carried out", async () => {
    const { origin, requests } = await serve(breakFirst);
    await expect(upstreamFetch("test", deadlineIn(LATER), notIdempotent)(origin)).rejects.toThrow(TypeError);
    expect(requests).toHaveLength(1);
  });

  it("is tried twice at most", async () => {
    const { origin, requests } = await serve((_request, response) => void response.destroy());
    await expect(upstreamFetch("test", deadlineIn(LATER), idempotent)(origin)).rejects.toThrow(TypeError);
    expect(requests).toHaveLength(2);
  });

  it("is judged by the URL that is asked for", async () => {
    const { origin, requests } = await serve(breakFirst);
    const request = upstreamFetch("test", deadlineIn(LATER), (url) => url.pathname !== "/permit");
    await expect(request(new URL("/permit", origin))).rejects.toThrow(TypeError);
    expect(requests).toHaveLength(1);
  });

  it("counts as broken where nobody listens", async () => {
    const asked: string[] = [];
    const url = `http://127.0.0.1:${await freePort()}/read`;
    const request = upstreamFetch("test", deadlineIn(LATER), ({ pathname }) => asked.push(pathname) > 0);
    await expect(request(url)).rejects.toThrow(TypeError);
    expect(asked).toEqual(["/read"]);
  });
});

describe("an answer", () => {
  it.each([400, 401, 429, 500, 503])("with %s is an answer, and not asked for again", async (status) => {
    const { origin, requests } = await serve((_request, response) => answerJson(response, status, {}));
    expect((await upstreamFetch("test", deadlineIn(LATER), idempotent)(origin)).status).toBe(status);
    expect(requests).toHaveLength(1);
  });

  it("is never taken from or put into Next's cache", async () => {
    const fetched = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response());
    await upstreamFetch("test", deadlineIn(LATER), idempotent)("http://127.0.0.1/", { cache: "force-cache" });
    expect(fetched.mock.lastCall?.[1]).toMatchObject({ cache: "no-store" });
  });
});
