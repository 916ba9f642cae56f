import {
  createPublicClient,
  createWalletClient,
  defineChain,
  getContract,
  http,
  parseAbi,
  publicActions,
  type Address,
  type Hex,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";

/** The part of a sale that its operator uses, in the words of this script. */
const saleAbi = parseAbi([
  "struct WalletTokenAmount { address wallet; address token; uint256 amount; }",
  "struct TokenAmount { address token; uint256 amount; }",
  "struct Commitment { bytes32 commitmentID; bytes16 entityID; uint64 timestamp; uint64 price; bool lockup; bool refunded; WalletTokenAmount[] amounts; bytes extraData; }",
  "struct EntityAllocation { bytes16 entityID; WalletTokenAmount[] acceptedAmounts; }",
  "struct Allocation { bytes16 entityID; address wallet; address token; uint256 acceptedAmount; }",
  "function numCommitments() view returns (uint256)",
  "function readCommitmentDataIn(uint256 from, uint256 to) view returns (Commitment[])",
  "function numEntityAllocations() view returns (uint256)",
  "function readEntityAllocationDataIn(uint256 from, uint256 to) view returns (EntityAllocation[])",
  "function totalCommittedAmountByToken() view returns (TokenAmount[])",
  "function totalAcceptedAmountByToken() view returns (TokenAmount[])",
  "function totalRefundedAmountByToken() view returns (TokenAmount[])",
  "function setProceedsReceiver(address receiver)",
  "function openSettlement()",
  "function setAllocations(Allocation[] allocations, bool allowOverwrite)",
  "function finalizeSettlement(uint256 expectedTotalAcceptedAmount)",
  "function processRefunds(bytes16[] entityIDs, bool skipAlreadyRefunded)",
  "function withdraw()",
]);

/** Where the sale is, and who operates it. */
interface OperatorOptions {
  rpcUrl: string;
  sale: Address;
  /** The key of an account with the operator's roles. */
  privateKey: Hex;
  /** Rows for each read and each transaction. */
  batchSize: number;
}

/** One line of the list of commitments. */
interface Row {
  entityID: Hex;
  wallet: Address;
  token: Address;
  committed: bigint;
  accepted: bigint;
  refunded: boolean;
}

const HEADER = "ENTITY_ID,WALLET,TOKEN,COMMITTED_AMOUNT,ACCEPTED_AMOUNT,REFUNDED";

function batchesOf<T>(rows: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((all, amount) => all + amount, 0n);
}

function hex(text = ""): Hex {
  return `0x${text.slice(2)}`;
}

/** Connects to the sale as its operator. */
export async function connectOperator({ rpcUrl, sale, privateKey, batchSize }: OperatorOptions) {
  const transport = http(rpcUrl);
  const id = await createPublicClient({ transport }).getChainId();
  const nativeCurrency = { name: "Ether", symbol: "ETH", decimals: 18 };
  const chain = defineChain({ id, name: `Chain ${id}`, nativeCurrency, rpcUrls: { default: { http: [rpcUrl] } } });
  const account = privateKeyToAccount(privateKey);
  const client = createWalletClient({ account, chain, transport, pollingInterval: 50 }).extend(publicActions);
  const contract = getContract({ address: sale, abi: saleAbi, client });

  async function mined(hash: Promise<Hex>): Promise<void> {
    const { status } = await client.waitForTransactionReceipt({ hash: await hash });
    if (status !== "success") throw new Error("A transaction of the operator reverted.");
  }

  async function pages<T>(count: bigint, read: (from: bigint, to: bigint) => Promise<readonly T[]>): Promise<T[]> {
    const size = BigInt(batchSize);
    const found: T[] = [];
    for (let from = 0n; from < count; from += size) {
      found.push(...(await read(from, from + size < count ? from + size : count)));
    }
    return found;
  }

  async function rows(): Promise<Row[]> {
    const commitments = await pages(await contract.read.numCommitments(), (from, to) =>
      contract.read.readCommitmentDataIn([from, to]),
    );
    const allocations = await pages(await contract.read.numEntityAllocations(), (from, to) =>
      contract.read.readEntityAllocationDataIn([from, to]),
    );
    const accepted = new Map(
      allocations.flatMap(({ entityID, acceptedAmounts }) =>
        acceptedAmounts.map(({ wallet, token, amount }) => [`${entityID} ${wallet} ${token}`, amount] as const),
      ),
    );
    return commitments.flatMap(({ entityID, refunded, amounts }) =>
      amounts.map(({ wallet, token, amount: committed }) => ({
        ...{ entityID, wallet, token, committed, refunded },
        accepted: accepted.get(`${entityID} ${wallet} ${token}`) ?? 0n,
      })),
    );
  }

  return {
    /** Every commitment and what is accepted of it, as CSV. */
    async exportCsv(): Promise<string> {
      const lines = (await rows()).map(({ entityID, wallet, token, committed, accepted, refunded }) =>
        [entityID, wallet, token, committed, accepted, refunded].join(","),
      );
      return [HEADER, ...lines].join("\n");
    },

    /** Opens the settlement and accepts what the CSV says, in batches. Answers with the accepted total. */
    async setAllocations(csv: string): Promise<bigint> {
      const [header, ...lines] = csv.split("\n");
      if (header !== HEADER) throw new Error("The CSV has other columns.");
      const allocations = lines
        .map((line) => line.split(","))
        .map(([entityID, wallet, token, , accepted = "0"]) => ({
          entityID: hex(entityID),
          wallet: hex(wallet),
          token: hex(token),
          acceptedAmount: BigInt(accepted),
        }))
        .filter(({ acceptedAmount }) => acceptedAmount > 0n);
      await mined(contract.write.openSettlement());
      for (const batch of batchesOf(allocations, batchSize)) {
        await contract.estimateGas.setAllocations([batch, false]);
        await mined(contract.write.setAllocations([batch, false]));
      }
      const total = sum((await contract.read.totalAcceptedAmountByToken()).map(({ amount }) => amount));
      if (total !== sum(allocations.map(({ acceptedAmount }) => acceptedAmount))) {
        throw new Error("The sale has accepted another total than the CSV.");
      }
      return total;
    },

    async finalize(total: bigint): Promise<void> {
      await mined(contract.write.finalizeSettlement([total]));
    },

    /** Pays back what was not accepted, in batches, once the totals agree with the list of commitments. */
    async processRefunds(): Promise<void> {
      const open = (await rows()).filter(({ refunded }) => !refunded);
      const totals = async (name: "Committed" | "Accepted" | "Refunded") =>
        sum((await contract.read[`total${name}AmountByToken`]()).map(({ amount }) => amount));
      const due = (await totals("Committed")) - (await totals("Accepted")) - (await totals("Refunded"));
      if (due !== sum(open.map(({ committed, accepted }) => committed - accepted))) {
        throw new Error("The sale's totals do not agree with its list of commitments.");
      }
      for (const batch of batchesOf([...new Set(open.map(({ entityID }) => entityID))], batchSize)) {
        await contract.estimateGas.processRefunds([batch, true]);
        await mined(contract.write.processRefunds([batch, true]));
      }
    },

    /** Sends the proceeds to this address. */
    async withdrawTo(receiver: Address): Promise<void> {
      await mined(contract.write.setProceedsReceiver([receiver]));
      await mined(contract.write.withdraw());
    },
  };
}
