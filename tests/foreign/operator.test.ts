import { readFileSync } from "node:fs";
import {
  createPublicClient,
  createWalletClient,
  encodeAbiParameters,
  encodeFunctionData,
  erc20Abi,
  http,
  parseAbi,
  parseAbiParameters,
  type Address,
  type Hex,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectOperator } from "./operator";
import { startForeignSandbox, type ForeignSandbox } from "./sandbox-process";

/** Accounts 0 and 5 of every development node: they operate the sandbox's sale and sign its permits. Their keys are public. */
const OPERATOR_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const PERMIT_SIGNER = privateKeyToAccount("0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba");

/** Accounts that have tokens, and that the node signs for. */
const ANN: Address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const BEN: Address = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const CEM: Address = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";
const TREASURY: Address = `0x${"7ea5".repeat(10)}`;
const FIRST_ENTITY: Hex = `0x${"e1".repeat(16)}`;
const SECOND_ENTITY: Hex = `0x${"e2".repeat(16)}`;
const UNIT = 1_000_000n;
const FUNDS = 100_000n * UNIT;

const buyersAbi = parseAbi([
  "struct Bid { bool lockup; uint64 price; uint256 amount; }",
  "struct Permit { bytes16 entityID; bytes16 saleUUID; address wallet; uint64 expiresAt; uint256 minAmount; uint256 maxAmount; uint64 minPrice; uint64 maxPrice; uint64 opensAt; uint64 closesAt; bytes payload; }",
  "function replaceBidWithApproval(address token, Bid bid, Permit permit, bytes signature)",
  "function paymentTokens() view returns (address[])",
  "function saleUUID() view returns (bytes16)",
]);
const PERMIT = parseAbiParameters([
  "Permit permit",
  "struct Permit { bytes16 entityID; bytes16 saleUUID; address wallet; uint64 expiresAt; uint256 minAmount; uint256 maxAmount; uint64 minPrice; uint64 maxPrice; uint64 opensAt; uint64 closesAt; bytes payload; }",
]);
const FAR = 4_000_000_000n;

let sandbox: ForeignSandbox;
let sale: Address;
let usdc: Address;
let usdt: Address;

beforeAll(async () => {
  sandbox = await startForeignSandbox("http://localhost:5173/callback", 31_337);
  sale = sandbox.sale;
  const [first = sale, second = sale] = await publicClient().readContract({
    ...{ address: sale, abi: buyersAbi },
    functionName: "paymentTokens",
  });
  [usdc, usdt] = [first, second];
});
afterAll(() => sandbox.stop());

function publicClient() {
  return createPublicClient({ transport: http(sandbox.rpcUrl), pollingInterval: 50 });
}

/** With more gas than the node estimates: a bid in the same second as the one before is cheaper than when it is mined. */
async function send(from: Address, to: Address, data: Hex): Promise<void> {
  const wallet = createWalletClient({ account: from, transport: http(sandbox.rpcUrl) });
  const hash = await wallet.sendTransaction({ to, data, gas: 1_000_000n, chain: null });
  const { status } = await publicClient().waitForTransactionReceipt({ hash });
  expect(status).toBe("success");
}

/** Commits with a permit of the sale's signer; `amount` is the entity's new total, of which the wallet pays `increase`. */
async function commit(
  entityID: Hex,
  wallet: Address,
  token: Address,
  amount: bigint,
  increase = amount,
): Promise<void> {
  const saleUUID = await publicClient().readContract({ address: sale, abi: buyersAbi, functionName: "saleUUID" });
  const payload: Hex = `0x${"0".repeat(64)}`;
  const amounts = { minAmount: 1n, maxAmount: FUNDS, minPrice: 0n, maxPrice: 0n };
  const permit = { entityID, saleUUID, wallet, expiresAt: FAR, ...amounts, opensAt: 0n, closesAt: FAR, payload };
  const signature = await PERMIT_SIGNER.signMessage({ message: { raw: encodeAbiParameters(PERMIT, [permit]) } });
  const bid = { lockup: false, price: 0n, amount };
  const args = [token, bid, permit, signature] as const;
  const approval = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [sale, increase] });
  await send(wallet, token, approval);
  await send(wallet, sale, encodeFunctionData({ abi: buyersAbi, functionName: "replaceBidWithApproval", args }));
}

function balance(token: Address, owner: Address): Promise<bigint> {
  return publicClient().readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [owner] });
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
  await commit(FIRST_ENTITY, ANN, usdc, 300n * UNIT);
  await commit(FIRST_ENTITY, BEN, usdt, 500n * UNIT, 200n * UNIT);
  await commit(SECOND_ENTITY, CEM, usdc, 1000n * UNIT);
  // The operator takes a commitment back in part before settling, which the lists and totals then say.
  await sandbox.control("POST", "chain/force-reduce", { token: "usdc", wallet: CEM, amount: String(100n * UNIT) });

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
