import { readFileSync } from "node:fs";
import { createPublicClient, erc20Abi, http, type Address } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectOperator } from "@/tests/foreign/operator";
import { SandboxBuyer } from "@/tests/support/sandbox/sandbox-buyer";
import { REDIRECT_URI } from "@/tests/support/sandbox/sandbox-user";
import { startTestSandboxWithChain, type TestSandboxWithChain } from "@/tests/support/sandbox/test-sandbox";

/** The first account of every development node, which operates the sandbox's sale. Its key is public. */
const OPERATOR_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const [ANN, BEN, CEM]: readonly Address[] = [
  "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
  "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
];
const TREASURY: Address = `0x${"7ea5".repeat(10)}`;
const UNIT = 1_000_000n;
const FUNDS = 100_000n * UNIT;

let sandbox: TestSandboxWithChain;
let sale: Address;
let usdc: Address;
let usdt: Address;

beforeAll(async () => {
  sandbox = await startTestSandboxWithChain({ redirectUris: [REDIRECT_URI] });
  const state: { sale: Address; tokens: { usdc: Address; usdt: Address } } = JSON.parse(
    await (await fetch(`${sandbox.origin}/sandbox/chain`)).text(),
  );
  sale = state.sale;
  ({ usdc, usdt } = state.tokens);
});
afterAll(() => sandbox.close());

function balance(token: Address, owner: Address): Promise<bigint> {
  const client = createPublicClient({ transport: http(sandbox.rpcUrl) });
  return client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [owner] });
}

/** The CSV with this share of each commitment accepted. */
function accepting(csv: string, percent: bigint): string {
  const [header = "", ...lines] = csv.split("\n");
  const rows = lines.map((line) => line.split(","));
  return [header, ...rows.map((row) => row.with(4, String((BigInt(row[3] ?? 0) * percent) / 100n)).join(","))].join(
    "\n",
  );
}

it("the operator's script knows nothing but viem", () => {
  const script = readFileSync("tests/foreign/operator.ts", "utf8");
  const imports = [...script.matchAll(/from "([^"]+)"/g)].map(([, from]) => from);
  expect(new Set(imports)).toEqual(new Set(["viem", "viem/accounts"]));
});

it("an operator's script lists commitments, allocates, finalizes, refunds and withdraws, and the money adds up", async () => {
  if (!ANN || !BEN || !CEM) throw new Error("No wallets.");
  const ada = await SandboxBuyer.connect(sandbox, "ada");
  const grace = await SandboxBuyer.connect(sandbox, "grace");
  await ada.commit({ wallet: ANN, amount: 300n * UNIT });
  await ada.commit({ wallet: BEN, amount: 500n * UNIT, token: "usdt" });
  await grace.commit({ wallet: CEM, amount: 1000n * UNIT });
  // The operator takes a commitment back in part before settling, which the lists and totals then say.
  await sandbox.control.chain.forceReduce("usdc", CEM, 100n * UNIT);

  // With one row for each call, every list and every step takes several.
  const operator = await connectOperator({ rpcUrl: sandbox.rpcUrl, sale, privateKey: OPERATOR_KEY, batchSize: 1 });
  const csv = await operator.exportCsv();
  const lines = csv.split("\n").slice(1);
  expect(lines.filter((line) => line.split(",")[3] !== "0").map((line) => line.split(",").slice(1))).toEqual([
    [ANN, usdc, "300000000", "0", "false"],
    [BEN, usdt, "200000000", "0", "false"],
    [CEM, usdc, "900000000", "0", "false"],
  ]);

  const total = await operator.setAllocations(accepting(csv, 60n));
  expect(total).toBe(840n * UNIT);
  await operator.finalize(total);
  await operator.processRefunds();
  await operator.withdrawTo(TREASURY);

  expect(await Promise.all([balance(usdc, ANN), balance(usdt, BEN), balance(usdc, CEM)])).toEqual([
    FUNDS - 180n * UNIT,
    FUNDS - 120n * UNIT,
    FUNDS - 540n * UNIT,
  ]);
  expect(await Promise.all([balance(usdc, TREASURY), balance(usdt, TREASURY)])).toEqual([720n * UNIT, 120n * UNIT]);
  expect(await Promise.all([balance(usdc, sale), balance(usdt, sale)])).toEqual([0n, 0n]);
  expect(
    (await operator.exportCsv())
      .split("\n")
      .slice(1)
      .every((line) => line.endsWith(",true")),
  ).toBe(true);
});
