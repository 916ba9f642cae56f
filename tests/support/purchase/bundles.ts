import { concat, numberToHex, padHex, size, type Address, type Hex } from "viem";
import type { PurchaseBench } from "@/tests/support/purchase/purchase-bench";

/** What an account wants to call. */
export interface Operation {
  account: Address;
  to: Address;
  data: Hex;
  /** Too little makes the operation fail, and the bundle succeed. */
  gas?: number;
}

/** Calls the address in the first word with the rest of the data, and succeeds whatever comes of it: as entry points do. */
const FORWARDING = "0x602036038060205f375f5f915f5f5f355af15000";
const FORWARDER: Address = "0x00000000000000000000000000000000000000f0";
const BUNDLER: Address = "0x00000000000000000000000000000000000000f1";

/** Lets these accounts call what a bundle tells them to (EIP-7702). */
export async function delegate(bench: PurchaseBench, ...accounts: Address[]): Promise<void> {
  await bench.ask("anvil_setCode", [FORWARDER, FORWARDING]);
  for (const account of accounts) await bench.ask("anvil_setCode", [account, `0xef0100${FORWARDER.slice(2)}`]);
}

const two = (value: number) => numberToHex(value, { size: 2 });

/** CODECOPY the data to memory, CALL the account with it, and ignore what comes of it. */
function step({ account, gas = 0x100000 }: Operation, data: Hex, at: number): Hex {
  const copy = concat(["0x61", two(size(data)), "0x61", two(at), "0x5f39"]);
  const call = concat([
    "0x5f5f61",
    two(size(data)),
    "0x5f5f73",
    account,
    "0x62",
    numberToHex(gas, { size: 3 }),
    "0xf150",
  ]);
  return concat([copy, call]);
}

/** Sends operations of several accounts in one transaction of `sender`, which succeeds even if they fail. Returns its hash. */
export async function sendBundle(bench: PurchaseBench, sender: Address, operations: Operation[]): Promise<unknown> {
  const datas = operations.map(({ to, data }) => concat([padHex(to), data]));
  const codeWith = (starts: number[]) => {
    const steps = operations.map((operation, index) => step(operation, datas[index] ?? "0x", starts[index] ?? 0));
    return concat([...steps, "0x00", ...datas]);
  };
  // Every step has the same length wherever its data are.
  const dataLength = datas.reduce((sum, data) => sum + size(data), 0);
  let at = size(codeWith([])) - dataLength;
  const starts = datas.map((data) => (at += size(data)) - size(data));
  await bench.ask("anvil_setCode", [BUNDLER, codeWith(starts)]);
  return bench.ask("eth_sendTransaction", [{ from: sender, to: BUNDLER, data: "0x", gas: "0x400000" }]);
}
