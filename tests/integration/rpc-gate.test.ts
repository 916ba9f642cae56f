import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startChain, type RunningChain } from "@/sandbox/chain/start";
import { chainControl } from "@/sandbox/chain/control";
import { startRpcGate, type RpcGate } from "@/tests/support/purchase/rpc-gate";

let chain: RunningChain;
let gate: RpcGate;
beforeEach(async () => {
  chain = await startChain({ port: 0 });
  gate = await startRpcGate(chain.rpcUrl);
});
afterEach(async () => {
  await gate.close();
  await chain.close();
});

const ask = (rpcUrl: string) =>
  fetch(rpcUrl, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: "http://localhost:3000" },
    body: '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}',
  });

const preflight = (rpcUrl: string) =>
  fetch(rpcUrl, {
    method: "OPTIONS",
    headers: {
      Origin: "http://localhost:3000",
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "content-type",
    },
  });

it("both node and gate let pages of the app talk to them", async () => {
  for (const [rpcUrl, allowed] of [
    [chain.rpcUrl, "http://localhost:3000"],
    [gate.rpcUrl, "*"],
  ] as const) {
    const { ok, headers } = await preflight(rpcUrl);
    expect(ok).toBe(true);
    expect(headers.get("access-control-allow-origin")).toBe(allowed);
    expect(headers.get("access-control-allow-methods")).toContain("POST");
    expect(headers.get("access-control-allow-headers")).toContain("content-type");
    const answer = await ask(rpcUrl);
    expect(answer.headers.get("access-control-allow-origin")).toBe(allowed);
    expect(await answer.json()).toMatchObject({ result: "0x7a69" });
  }
});

it("a broken gate refuses everything; the chain behind it goes on and is there again", async () => {
  gate.set("broken");
  await expect(ask(gate.rpcUrl)).rejects.toThrow("fetch failed");
  await chainControl(chain.rpcUrl).sale.setStage("Cancellation");
  gate.set("open");
  expect((await chainControl(gate.rpcUrl).reader.facts()).stage).toBe("Cancellation");
});

it("a silent gate does not answer, and lets go of who waits when it opens", async () => {
  gate.set("silent");
  const answer = ask(gate.rpcUrl);
  const outcome = expect(answer).rejects.toThrow("fetch failed");
  await vi.waitFor(() => expect(gate.requests).toHaveLength(1));
  gate.set("open");
  await outcome;
  expect((await ask(gate.rpcUrl)).ok).toBe(true);
});
