import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deadlineIn } from "@/lib/http/deadline";
import { networkReason, upstreamFetch } from "@/lib/http/upstream";
import { beginCall } from "@/lib/http/upstream-crowd";
import { startLocalServer, type LocalServer } from "@/tests/support/local-server";

const ONE = "https://one.example";
const OTHER = "https://other.example";

/** A signal that never aborts. */
const never = () => new AbortController().signal;

type Crowd = NonNullable<Parameters<typeof beginCall>[3]>;

let crowd: Crowd;
beforeEach(() => {
  crowd = { most: 2, calls: new Map() };
});

describe("calls that are under way", () => {
  /** Whether each call has begun, and its end. */
  const begin = (origin: string, signal = never()) => {
    const call: { end?: () => void; error?: unknown } = {};
    beginCall(origin, "test", signal, crowd).then(
      (end) => (call.end = end),
      (error: unknown) => (call.error = error),
    );
    return call;
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it("beyond the limit wait for another one's end, in their order, and for that upstream alone", async () => {
    const [first, second, third, fourth] = [begin(ONE), begin(ONE), begin(ONE), begin(ONE)];
    const other = begin(OTHER);
    await settled();
    expect([first, second, third, fourth, other].map(({ end }) => end !== undefined)).toEqual([
      ...[true, true, false, false],
      true,
    ]);
    first.end?.();
    // Ending a call twice makes no room for two.
    first.end?.();
    await settled();
    expect([third.end !== undefined, fourth.end !== undefined]).toEqual([true, false]);
    for (const { end } of [second, third, other]) end?.();
    await settled();
    fourth.end?.();
    expect(crowd.calls.size).toBe(0);
  });

  it("end with their signal, which leaves their places to others", async () => {
    const controller = new AbortController();
    begin(ONE, controller.signal);
    begin(ONE, controller.signal);
    const waiting = begin(ONE);
    await settled();
    controller.abort();
    await settled();
    expect(waiting.end).toBeDefined();
    waiting.end?.();
    expect(crowd.calls.size).toBe(0);
  });

  it("wait no longer than their signal lets them, and take nothing with them", async () => {
    const controller = new AbortController();
    const [first, second] = [begin(ONE), begin(ONE)];
    const waiting = begin(ONE, controller.signal);
    await settled();
    controller.abort(new DOMException("Too late", "TimeoutError"));
    await settled();
    expect(networkReason(waiting.error)).toBe("timeout");
    expect(networkReason((await begun(controller.signal)).error)).toBe("timeout");
    first.end?.();
    second.end?.();
    expect(crowd.calls.size).toBe(0);
  });

  async function begun(signal: AbortSignal) {
    const call = begin(OTHER, signal);
    await settled();
    return call;
  }
});

describe("a call's end", () => {
  let server: LocalServer;
  /** What each request gets. */
  let answer: "whole" | "nothing" | "half" | "huge" | "none";

  beforeEach(async () => {
    server = await startLocalServer((_request, response) => {
      if (answer === "whole") response.end("{}");
      if (answer === "nothing") response.writeHead(204).end();
      // More than the usual limit, in chunks that do not say so before.
      if (answer === "huge") void (response.write(Buffer.alloc(2_000_000)), response.end());
      if (answer === "half") response.writeHead(200).write("{");
    });
  });
  afterEach(() => server.close());

  /** The calls under way in this process. */
  function underWay(): number | undefined {
    const slots = globalThis as unknown as Record<symbol, Crowd | undefined>;
    return slots[Symbol.for("sonar-app.upstream-crowd")]?.calls.get(server.origin)?.underWay;
  }

  const call = (ms: number) => upstreamFetch("test", deadlineIn(ms), () => false)(server.origin);

  it("is that of its body, or of its headers without one", async () => {
    answer = "whole";
    const whole = await call(20_000);
    expect(underWay()).toBe(1);
    await whole.text();
    expect(underWay()).toBeUndefined();
    answer = "nothing";
    await call(20_000);
    expect(underWay()).toBeUndefined();
  });

  it("is its deadline's if no answer comes, or half of one that nobody reads", async () => {
    answer = "none";
    await expect(call(150)).rejects.toThrow();
    expect(underWay()).toBeUndefined();
    answer = "half";
    await call(150);
    expect(underWay()).toBe(1);
    await vi.waitFor(() => expect(underWay()).toBeUndefined());
  });

  it("is the refusal of an answer that is too large", async () => {
    answer = "huge";
    await expect(call(20_000).then((one) => one.text())).rejects.toThrow();
    expect(underWay()).toBeUndefined();
  });
});
