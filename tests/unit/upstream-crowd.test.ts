import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deadlineIn } from "@/lib/http/deadline";
import { networkReason, upstreamFetch } from "@/lib/http/upstream";
import { beginCall } from "@/lib/http/upstream-crowd";
import { startLocalServer, type LocalServer } from "@/tests/support/local-server";

const ONE = "https://one.example";
const OTHER = "https://other.example";

/** A signal that never aborts. */
const never = () => new AbortController().signal;

let crowd: { most: number; underWay: Map<string, number> };
beforeEach(() => {
  crowd = { most: 2, underWay: new Map() };
});

describe("calls that are under way", () => {
  const begin = (origin: string, signal = never()) => beginCall(origin, "test", signal, crowd);

  it("are refused beyond the limit as without a connection, for that upstream alone, until one ends", () => {
    const end = begin(ONE);
    begin(ONE);
    expect(() => begin(ONE)).toThrow(TypeError);
    expect(() => begin(OTHER)).not.toThrow();
    end();
    // Ending a call twice makes no room for two.
    end();
    begin(ONE);
    expect(() => begin(ONE)).toThrow("fetch failed");
  });

  it("end with their signal, and a call whose signal is over counts no more", () => {
    const controller = new AbortController();
    begin(ONE, controller.signal);
    begin(ONE, controller.signal);
    controller.abort();
    begin(ONE, controller.signal);
    expect(crowd.underWay.size).toBe(0);
  });

  it("are told as a connection that could not be made", () => {
    const refusal = () => [begin(ONE), begin(ONE), begin(ONE)];
    let error: unknown;
    try {
      refusal();
    } catch (thrown) {
      error = thrown;
    }
    expect(networkReason(error)).toBe("unreachable");
  });
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
    const slots = globalThis as unknown as Record<symbol, typeof crowd | undefined>;
    return slots[Symbol.for("sonar-app.upstream-crowd")]?.underWay.get(server.origin);
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
