import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetSharedReads } from "@/lib/http/shared-read";
import { processGlobal } from "@/lib/http/process-global";
import { knownPaymentDecimals, readCommitments } from "@/lib/sonar/commitments";
import { answerJson, startLocalServer, type Handler, type LocalServer } from "@/tests/support/local-server";
import { trialEnvironment } from "@/tests/support/live-environment";
import { holding } from "@/tests/support/oauth/token-server";

let server: LocalServer;
let answer: Handler;

/** Answers that there are so many commitments. */
function count(commitments: number): Handler {
  const data = {
    TotalCommitmentAmount: "1",
    PaymentTokenDecimals: 6,
    UniqueCommitmentCount: commitments,
    Commitments: [],
  };
  return (_request, response) => answerJson(response, 200, data);
}

const failing: Handler = (_request, response) => answerJson(response, 500, {});

function pass(ms: number): void {
  vi.advanceTimersByTime(ms);
}

beforeAll(async () => {
  server = await startLocalServer((request, response) => answer(request, response));
});

beforeEach(() => {
  const environment = { ...trialEnvironment, SONAR_API_URL: server.origin };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.useFakeTimers({ toFake: ["Date", "performance"] });
  forgetSharedReads();
  server.requests.length = 0;
  answer = count(1);
});

afterEach(() => {
  vi.useRealTimers();
});

afterAll(() => server.close());

async function shown(): Promise<number | string> {
  const result = await readCommitments(() => undefined);
  return result.ok ? result.data.UniqueCommitmentCount : result.error.code;
}

describe("the sale's commitment data", () => {
  it("is asked for once, however many visitors want it at the same time", async () => {
    expect(new Set(await Promise.all(Array.from({ length: 20 }, shown)))).toEqual(new Set([1]));
    expect(server.requests).toHaveLength(1);
  });

  it.each([400, 401, 403, 404, 418, 429, 500])("that is refused with %d blames no visitor", async (status) => {
    answer = (_request, response) => answerJson(response, status, {});
    const read = await readCommitments(() => undefined);
    expect(read).toMatchObject({ ok: false, error: { recovery: "retry", status } });
    expect(JSON.stringify(read)).not.toMatch(/connect again|disconnect|permission|your |too many requests in/i);
  });

  it("is not asked for again within five seconds", async () => {
    await shown();
    pass(4_999);
    expect(await shown()).toBe(1);
    expect(server.requests).toHaveLength(1);
  });

  it("is shown as it was while newer data is on its way, and is newer then", async () => {
    await shown();
    pass(5_000);
    const held = holding(count(2));
    answer = held.answer;
    expect(await shown()).toBe(1);
    await held.arrived;
    expect(await shown()).toBe(1);
    held.release();
    await vi.waitFor(async () => expect(await shown()).toBe(2));
    expect(server.requests).toHaveLength(2);
  });

  it("is shown as it was for a minute when no newer can be had", async () => {
    await shown();
    answer = failing;
    pass(59_999);
    expect(await shown()).toBe(1);
    pass(1);
    await vi.waitFor(async () => expect(await shown()).toBe("api/server_error"));
  });

  it("is not asked for again within a second after it could not be had", async () => {
    answer = failing;
    expect(await shown()).toBe("api/server_error");
    answer = count(3);
    pass(999);
    expect(await shown()).toBe("api/server_error");
    expect(server.requests).toHaveLength(1);
    pass(1);
    expect(await shown()).toBe(3);
  });

  it("is never asked for with a token", async () => {
    await shown();
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });
});

describe("the decimals of the payment tokens", () => {
  const DAY = 86_400_000;

  beforeEach(() => {
    processGlobal<{ told?: unknown }>("payment-decimals", () => ({})).told = undefined;
  });

  it("are unknown until Sonar has told them", async () => {
    answer = failing;
    await shown();
    expect(knownPaymentDecimals()).toBeUndefined();
  });

  it("outlast the figures by a day", async () => {
    await shown();
    answer = failing;
    pass(DAY - 1);
    expect(await shown()).toBe("api/server_error");
    expect(knownPaymentDecimals()).toBe(6);
    pass(1);
    expect(knownPaymentDecimals()).toBeUndefined();
  });
});
