import { createPublicClient, createWalletClient, custom, type Hex } from "viem";
import { sepolia } from "viem/chains";
import { saleAbi } from "@/lib/sale/abi";

/** An error of a node or a wallet as JSON-RPC has it. */
interface RpcError {
  code: number;
  message: string;
  data?: unknown;
}

const ACCOUNT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/** The call that all these errors answer. */
const CANCEL_BID = {
  address: `0x${"5a".repeat(20)}`,
  abi: saleAbi,
  functionName: "cancelBid",
  account: ACCOUNT,
} as const;

function failingTransport(error: Error, answers: Record<string, unknown> = {}) {
  const request = ({ method }: { method: string }) =>
    method in answers ? Promise.resolve(answers[method]) : Promise.reject(error);
  return custom({ request }, { retryCount: 0 });
}

/** The error that `request` rejects with. */
async function rejectionOf(request: Promise<unknown>): Promise<unknown> {
  return request.then(
    () => Promise.reject(new Error("nothing was thrown")),
    (error: unknown) => error,
  );
}

function rpcError({ code, message, data }: RpcError): Error {
  return Object.assign(new Error(message), { code, ...(data !== undefined && { data }) });
}

/** viem's error when a node answers a simulated call with this error. */
export function simulationError(error: RpcError): Promise<unknown> {
  const client = createPublicClient({ chain: sepolia, transport: failingTransport(rpcError(error)) });
  return rejectionOf(client.simulateContract(CANCEL_BID));
}

/** viem's error when a node reverts a simulated call with this data, as geth does. */
export function revertWith(data: Hex): Promise<unknown> {
  return simulationError({ code: 3, message: "execution reverted", data });
}

/** viem's error when a wallet on chain `chainId` refuses a transaction with this error. */
export function sendingError(error: RpcError, chainId: number = sepolia.id): Promise<unknown> {
  const answers = { eth_chainId: `0x${chainId.toString(16)}` };
  const client = createWalletClient({ chain: sepolia, transport: failingTransport(rpcError(error), answers) });
  return rejectionOf(client.writeContract({ ...CANCEL_BID, chain: sepolia }));
}

/** viem's error when a node refuses to estimate the gas of a call with this error. */
export function estimationError(error: RpcError): Promise<unknown> {
  const client = createPublicClient({ chain: sepolia, transport: failingTransport(rpcError(error)) });
  return rejectionOf(client.estimateContractGas(CANCEL_BID));
}

/** viem's error when there is no contract at the address. */
export function zeroDataError(): Promise<unknown> {
  const transport = failingTransport(new Error("not reached"), { eth_call: "0x" });
  const client = createPublicClient({ chain: sepolia, transport });
  return rejectionOf(client.readContract({ ...CANCEL_BID, functionName: "stage" }));
}
