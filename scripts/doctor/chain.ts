import { keccak256, parseAbi, stringToHex, type Address } from "viem";
import { chainClient, isContractAnswer, type Outcome } from "@/lib/chain/client";
import { isRangeRefusal } from "@/lib/chain/log-pages";
import type { ChainSettings } from "@/lib/config/chain";
import type { Env } from "@/lib/config/env";
import { tokenSymbol, withDistinctSymbols } from "@/lib/foreign-name";
import { deadlineIn } from "@/lib/http/deadline";
import { saleAbi, tokenAbi } from "@/lib/sale/abi";
import { readUuid, sameHex } from "@/lib/sale/hex";
import { readStage } from "@/lib/sale/state";
import { fix, hostOf, note, ok, TOLERANCE_MS, type Examined, type Finding } from "@/scripts/doctor/finding";
import { askNode, nodeFinding, type Expected, type NodePlace, type NodeReport } from "@/scripts/doctor/nodes";

/** A payment token, as far as its contract answered. */
interface TokenFacts {
  address: Address;
  symbol?: string;
  decimals?: number;
}

/** The contract's answers; undefined where it has no such function. */
interface ContractFacts {
  version?: readonly [number, number, number];
  stage?: number;
  saleUUID?: string;
  paused?: boolean;
  permitSigners?: bigint;
  tokens?: readonly TokenFacts[];
}

const rolesAbi = parseAbi(["function getRoleMemberCount(bytes32 role) view returns (uint256)"]);
const SIGNER_ROLE = keccak256(stringToHex("PURCHASE_PERMIT_SIGNER_ROLE"));

/** The value, if the contract gave one. Throws if the node failed, which says nothing about the contract. */
function answered<T>(outcome: Outcome<T>): T | undefined {
  if (outcome.status === "success") return outcome.result;
  if (isContractAnswer(outcome.error)) return undefined;
  throw outcome.error;
}

/** Reads in the way of the app's server, so that a node that refuses it is noticed. */
async function readFacts(
  url: string,
  { contract, chainId }: ChainSettings["facts"],
  patienceMs: number,
): Promise<ContractFacts> {
  const client = chainClient({ rpcUrls: [url], chainId }, deadlineIn(patienceMs));
  const how = { deployless: true, batchSize: 0 } as const;
  const sale = { address: contract, abi: saleAbi } as const;
  const signers = {
    address: contract,
    abi: rolesAbi,
    functionName: "getRoleMemberCount",
    args: [SIGNER_ROLE],
  } as const;
  const [version, stage, uuid, paused, addresses, permitSigners] = await client.multicall({
    ...how,
    contracts: [
      { ...sale, functionName: "version" },
      { ...sale, functionName: "stage" },
      { ...sale, functionName: "saleUUID" },
      { ...sale, functionName: "paused" },
      { ...sale, functionName: "paymentTokens" },
      signers,
    ],
  });
  const tokens = (answered(addresses) ?? []).map(async (address): Promise<TokenFacts> => {
    const token = { address, abi: tokenAbi } as const;
    const contracts = [
      { ...token, functionName: "symbol" } as const,
      { ...token, functionName: "decimals" } as const,
    ] as const;
    const [symbol, decimals] = await client.multicall({ ...how, contracts });
    return { address, symbol: answered(symbol), decimals: answered(decimals) };
  });
  return {
    version: answered(version),
    stage: answered(stage),
    saleUUID: answered(uuid),
    paused: answered(paused),
    permitSigners: answered(permitSigners),
    tokens: await Promise.all(tokens),
  };
}

const SUBJECT = "sale contract";

function stageFinding({ version, stage, paused }: ContractFacts): Finding {
  if (version === undefined || stage === undefined)
    return fix(
      SUBJECT,
      "the contract at SALE_CONTRACT_ADDRESS is no sale of Sonar's. Copy the address from Echo's founder dashboard.",
    );
  const read = readStage(version, stage);
  if (!read.ok) return fix(SUBJECT, `${read.problem.sentence} Update this site, or correct SALE_CONTRACT_ADDRESS.`);
  const state = paused ? `stage "${read.value}", paused` : `stage "${read.value}"`;
  return ok(SUBJECT, `version ${version.join(".")}, ${state}.`);
}

function signerFinding({ permitSigners }: ContractFacts): Finding | undefined {
  if (permitSigners === undefined) return note("permit signer", "the contract does not tell whether it has one.");
  if (permitSigners > 0n) return ok("permit signer", "is set.");
  return fix(
    "permit signer",
    "none is set, so the contract refuses every commitment. Ask Echo to set it before the sale opens.",
  );
}

/** All tokens of a sale count as equal in value, smallest unit by smallest unit (sonar.md 4). */
function tokensFinding(tokens: readonly TokenFacts[], sonarDecimals: number | undefined): Finding {
  const subject = "payment tokens";
  if (tokens.length === 0) return fix(subject, "the contract accepts none. Ask Echo to add one before the sale opens.");
  const broken = tokens.filter(({ decimals }) => decimals === undefined);
  if (broken.length > 0)
    return fix(
      subject,
      `no token answers at ${broken.map(({ address }) => address).join(", ")}. Ask Echo to correct the contract's list.`,
    );
  const named = tokens.map((token) => ({ ...token, symbol: tokenSymbol(token.symbol ?? "", token.address) }));
  const shown = withDistinctSymbols(named);
  const list = shown.map((token) => `${token.symbol} (${token.decimals} decimals)`).join(", ");
  const decimals = new Set(tokens.map((token) => token.decimals));
  if (decimals.size > 1)
    return fix(
      subject,
      `${list}: a sale's tokens must have the same decimals, or amounts are wrong. Ask Echo to correct the contract's list.`,
    );
  if (sonarDecimals !== undefined && !decimals.has(sonarDecimals))
    return fix(
      subject,
      `${list}, but Sonar counts this sale with ${sonarDecimals} decimals. Ask Echo which is right before the sale opens.`,
    );
  if (shown.some(({ symbol }, index) => symbol !== named[index]?.symbol))
    return note(subject, `${list}. Some have the same symbol, so pages and files name them with their addresses.`);
  return ok(subject, `${list}.`);
}

/** The lines about the contract, in the order in which a fault in one makes the next meaningless. */
function contractFindings(facts: ContractFacts, saleUUID: string, sonarDecimals: number | undefined): Finding[] {
  const state = stageFinding(facts);
  if (state.level === "fix") return [state];
  const uuid = facts.saleUUID && readUuid(facts.saleUUID);
  if (!sameHex(uuid, saleUUID))
    return [
      fix(
        SUBJECT,
        `it is the contract of another sale (${uuid ?? "without a UUID"}). Correct SALE_CONTRACT_ADDRESS or SONAR_SALE_UUID.`,
      ),
    ];
  const signer = signerFinding(facts);
  return [state, ...(signer ? [signer] : []), tokensFinding(facts.tokens ?? [], sonarDecimals)];
}

/** Numbers the URLs of a variable that lists several. */
function places(variable: string, urls: readonly string[], isSet: boolean, origin?: string): NodePlace[] {
  const name = isSet ? variable : `${variable} default`;
  return urls.map((url, index) => ({
    url,
    label: urls.length > 1 ? `${name} ${index + 1}` : name,
    ...(origin !== undefined && { origin }),
  }));
}

/** Everything that the checks of the chain need. */
export interface ChainQuestion {
  env: Env;
  /** Variables that are set, for the names of nodes. */
  isSet: (variable: string) => boolean;
  patienceMs: number;
  now: number;
}

async function contractLines(url: string, { facts }: ChainSettings, question: ChainQuestion) {
  const { env, patienceMs } = question;
  try {
    const read = await readFacts(url, facts, patienceMs);
    return (decimals: number | undefined) => contractFindings(read, env.sonar.saleUUID, decimals);
  } catch {
    const problem = fix(
      SUBJECT,
      `${hostOf(url)} does not run the calls that read a contract (eth_call). Use another node.`,
    );
    return () => [problem];
  }
}

function noContract(reports: readonly NodeReport[], { facts }: ChainSettings): Finding[] {
  const isOnChain = reports.some((report) => report.facts?.chainId === facts.chainId);
  const remedy = facts.sandboxWallet
    ? "Restart the sandbox: it deploys the contract on a development node (anvil, hardhat node) with an empty state."
    : "Correct SALE_CONTRACT_ADDRESS or SALE_CHAIN_ID.";
  return isOnChain
    ? [
        fix(
          SUBJECT,
          `there is no contract at ${facts.contract} on chain ${facts.chainId} (${facts.chainName}). ${remedy}`,
        ),
      ]
    : [fix(SUBJECT, "could not be read, because no node of its chain answers. Correct the RPC URLs first.")];
}

function multicallLine(report: NodeReport): Finding[] {
  if (report.facts?.hasMulticall) return [ok("Multicall3", "is deployed.")];
  return [
    note(
      "Multicall3",
      "is not at its usual address. This site works without it; some wallets and other apps need it for their reads.",
    ),
  ];
}

const ACTIVITY = "activity";

/** Blocks that a node should give the logs of at once: with fewer, the search for a user's activity takes long. */
const USUAL_BLOCKS = 1_000n;

async function logProblem(url: string, { facts }: ChainSettings, head: bigint, patienceMs: number) {
  const client = chainClient({ rpcUrls: [url], chainId: facts.chainId }, deadlineIn(patienceMs));
  const fromBlock = head < USUAL_BLOCKS ? 0n : head - USUAL_BLOCKS + 1n;
  try {
    await client.getLogs({ address: facts.contract, fromBlock, toBlock: head });
    return undefined;
  } catch (error) {
    return isRangeRefusal(error)
      ? note(
          ACTIVITY,
          `${hostOf(url)} refuses the logs of ${USUAL_BLOCKS} blocks at once, so searching takes long. Use a node with a higher limit.`,
        )
      : fix(ACTIVITY, `${hostOf(url)} gives no logs of the contract (eth_getLogs). Use another node.`);
  }
}

/** The lines about reading what users did in the sale. */
async function activityLines(
  url: string,
  chain: ChainSettings,
  { env, patienceMs }: ChainQuestion,
): Promise<Finding[]> {
  const client = chainClient({ rpcUrls: [url], chainId: chain.facts.chainId }, deadlineIn(patienceMs));
  const head = await client.getBlockNumber().catch(() => undefined);
  if (head === undefined) return [];
  if (BigInt(chain.fromBlock ?? 0) > head)
    return [
      fix(
        ACTIVITY,
        `SALE_FROM_BLOCK is after the latest block, ${head}. Set it to the block of the contract's deployment.`,
      ),
    ];
  const problem = await logProblem(url, chain, head, patienceMs);
  if (problem) return [problem];
  if (chain.fromBlock === undefined && !env.sandbox)
    return [
      note(
        ACTIVITY,
        "SALE_FROM_BLOCK is not set. Set it to the block of the contract's deployment, where searching can end.",
      ),
    ];
  return [ok(ACTIVITY, `can be read, from block ${chain.fromBlock ?? 0} on.`)];
}

/** Checks every RPC URL, and the sale's contract through the first one that has it. The decimals come from Sonar's answer. */
export async function examineChain(
  question: ChainQuestion,
  sonarDecimals: Promise<number | undefined>,
): Promise<Examined> {
  const { env, isSet, patienceMs, now } = question;
  const { chain } = env;
  if (!chain)
    return {
      findings: [
        note(
          SUBJECT,
          "SALE_CHAIN_ID and SALE_CONTRACT_ADDRESS are not both set. Until they are, the site offers no wallet.",
        ),
      ],
    };
  const { facts } = chain;
  const all = [
    ...places("RPC_URLS", chain.rpcUrls, env.sandbox !== undefined || isSet("RPC_URLS")),
    ...places("PUBLIC_RPC_URLS", facts.rpcUrls, env.sandbox !== undefined || isSet("PUBLIC_RPC_URLS"), env.appUrl),
  ];
  const reports = await Promise.all(all.map((place) => askNode(place, facts.contract, deadlineIn(patienceMs))));
  const [good] = reports.filter((report) => report.facts?.chainId === facts.chainId && report.facts.hasContract);
  const { chainId, chainName } = facts;
  const expected: Expected = { chainId, chainName, appUrl: env.appUrl, sandbox: env.sandbox !== undefined, now };
  const nodes = reports.map((report) => nodeFinding(report, expected, good !== undefined));
  if (!good) return { findings: [...nodes, ...noContract(reports, chain)] };
  const [lines, activity] = await Promise.all([
    contractLines(good.url, chain, question),
    activityLines(good.url, chain, question),
  ]);
  const decimals = await sonarDecimals;
  // A block may be old but not of the future, so only that says something about a clock. The sandbox's chain is moved on purpose.
  const ahead = Math.max(...reports.map((report) => (report.facts?.blockTime ?? 0) - now));
  const clocks = !env.sandbox && ahead > TOLERANCE_MS ? [{ of: "the chain", offset: ahead }] : [];
  return { findings: [...nodes, ...lines(decimals), ...multicallLine(good), ...activity], clocks };
}
