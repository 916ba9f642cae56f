import type { Address } from "viem";
import { z } from "zod";
import { OUTDATED_SECONDS } from "@/lib/chain/client";
import type { Deadline } from "@/lib/http/deadline";
import { parseJson } from "@/lib/http/parse-json";
import { isLoopback } from "@/lib/http/secure-url";
import { networkReason, upstreamFetch } from "@/lib/http/upstream";
import { fix, hostOf, note, ok, type Finding } from "@/scripts/doctor/finding";

/** An RPC URL, and its place in the settings. */
export interface NodePlace {
  url: string;
  /** The variable, with a number if it lists several. */
  label: string;
  /** The site whose pages ask this node; absent for the server's own. */
  origin?: string;
}

/** The facts that a node tells of itself. */
interface NodeFacts {
  chainId: number;
  hasContract: boolean;
  /** True if Multicall3 is at its usual address. */
  hasMulticall: boolean;
  /** Time of the latest block, in milliseconds since 1970. */
  blockTime: number;
}

/** A node's answers, or the sentence for why there are none. */
export interface NodeReport extends NodePlace {
  facts?: NodeFacts;
  problem?: string;
}

/** The same on every chain that has it: https://www.multicall3.com */
const MULTICALL3: Address = "0xcA11bde05977b3631167028862bE2a173976CA11";

/** A node without a usable answer. The message is a sentence for the report. */
class NodeProblem extends Error {
  override readonly name = "NodeProblem";
}

const STATUS_PROBLEMS: Readonly<Record<number, string>> = {
  401: "refuses the request (401). Check the key in this URL.",
  403: "refuses the request (403). Check the key in this URL, and which sites and addresses the provider lets use it.",
  404: "has nothing at this address (404). Copy the URL again.",
  429: "answers that it gets too many requests (429). Use a node with a higher limit.",
};

const NOT_A_NODE = "answers, but not with JSON-RPC, as if it were a web page. Copy the RPC URL again.";

function statusProblem(status: number): string | undefined {
  if (status >= 500) return `answers with an error of its own (${status}). Use another node, or try again later.`;
  return STATUS_PROBLEMS[status];
}

const rpcAnswer = z.union([
  z.object({ error: z.object({ code: z.number() }) }),
  z.object({ result: z.unknown().refine((result) => result !== undefined) }),
]);

/** The message of a JSON-RPC error is not shown: some providers quote the key in it. */
function resultOf(text: string, status: number): unknown {
  const parsed = rpcAnswer.safeParse(parseJson(text));
  if (!parsed.success) throw new NodeProblem(statusProblem(status) ?? NOT_A_NODE);
  if ("error" in parsed.data)
    throw new NodeProblem(
      statusProblem(status) ?? `answers with the error ${parsed.data.error.code}. Check the URL and its key.`,
    );
  return parsed.data.result;
}

function silence(error: unknown): NodeProblem {
  if (error instanceof NodeProblem) return error;
  const reason = networkReason(error);
  if (reason === "timeout") return new NodeProblem("does not answer in time. Use another node.");
  const isRedirect = error instanceof TypeError && error.cause instanceof Error && /redirect/.test(error.cause.message);
  if (isRedirect)
    return new NodeProblem("redirects to another address, which is not followed. Set that address instead.");
  if (reason === "unreachable") return new NodeProblem("cannot be reached. Check the URL, and this machine's network.");
  return new NodeProblem(NOT_A_NODE);
}

async function ask({ url, origin }: NodePlace, deadline: Deadline, method: string, ...params: unknown[]) {
  const headers = { "content-type": "application/json", ...(origin !== undefined && { origin }) };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  try {
    const answer = await upstreamFetch("doctor", deadline, () => true)(url, { method: "POST", headers, body });
    return { headers: answer.headers, result: resultOf(await answer.text(), answer.status) };
  } catch (error) {
    throw silence(error);
  }
}

function allows(headers: Headers, name: string, value: string): boolean {
  const allowed = headers.get(name)?.toLowerCase() ?? "";
  return allowed === "*" || allowed.split(/\s*,\s*/).includes(value.toLowerCase());
}

/** Asks as a browser does before a page's request (CORS preflight). */
async function allowsPages(url: string, origin: string, deadline: Deadline): Promise<boolean> {
  const headers = {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type",
  };
  const answer = await upstreamFetch("doctor", deadline, () => true)(url, { method: "OPTIONS", headers });
  await answer.body?.cancel();
  const allowed = allows(answer.headers, "access-control-allow-origin", origin);
  return answer.ok && allowed && allows(answer.headers, "access-control-allow-headers", "content-type");
}

const quantity = z
  .string()
  .regex(/^0x[0-9a-f]{1,12}$/i)
  .transform(Number);
const latestBlock = z.object({ timestamp: quantity }).transform(({ timestamp }) => timestamp * 1_000);

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new NodeProblem("answers in a form that is not Ethereum's JSON-RPC. Copy the RPC URL again.");
  return parsed.data;
}

async function factsOf(place: NodePlace, contract: Address, deadline: Deadline): Promise<NodeFacts> {
  const first = await ask(place, deadline, "eth_chainId");
  const { origin, url } = place;
  // Browsers ask nothing before a request to the page's own site.
  if (origin !== undefined && new URL(url).origin !== origin) {
    const isReadable = allows(first.headers, "access-control-allow-origin", origin);
    if (!isReadable || !(await allowsPages(url, origin, deadline).catch(() => false)))
      throw new NodeProblem(
        `does not let pages of ${origin} read its answers (CORS). Allow that site at the provider, or use another node.`,
      );
  }
  const hasCode = async (address: Address) => {
    const { result } = await ask(place, deadline, "eth_getCode", address, "latest");
    return read(z.string(), result).length > "0x".length;
  };
  const [hasContract, hasMulticall, block] = await Promise.all([
    hasCode(contract),
    hasCode(MULTICALL3),
    ask(place, deadline, "eth_getBlockByNumber", "latest", false),
  ]);
  return {
    chainId: read(quantity, first.result),
    hasContract,
    hasMulticall,
    blockTime: read(latestBlock, block.result),
  };
}

/** Asks one node for what the report needs. */
export async function askNode(place: NodePlace, contract: Address, deadline: Deadline): Promise<NodeReport> {
  try {
    return { ...place, facts: await factsOf(place, contract, deadline) };
  } catch (error) {
    if (error instanceof NodeProblem) return { ...place, problem: error.message };
    throw error;
  }
}

/** A node whose latest block is older than this is behind its chain, which makes one every few minutes at least. */
const STALE_SECONDS = 600;

/** The settings that nodes are compared with. */
export interface Expected {
  chainId: number;
  chainName: string;
  appUrl: string;
  /** True for the sandbox, whose clock can be moved and whose node browsers on this machine reach. */
  sandbox: boolean;
  now: number;
}

/** The line of one node. `others`: another node has the contract, so this one is behind or on a fork. */
export function nodeFinding(
  { url, label, origin, facts, problem }: NodeReport,
  expected: Expected,
  others: boolean,
): Finding {
  const subject = `${label} (${hostOf(url)})`;
  if (!facts) return fix(subject, problem ?? NOT_A_NODE);
  if (facts.chainId !== expected.chainId)
    return fix(
      subject,
      `is a node of chain ${facts.chainId}, not of ${expected.chainId} (${expected.chainName}). Correct the URL or ${expected.sandbox ? "SANDBOX_CHAIN_ID" : "SALE_CHAIN_ID"}.`,
    );
  if (!expected.sandbox && origin !== undefined && isLoopback(url) && !isLoopback(expected.appUrl))
    return fix(
      subject,
      `is an address of the visitor's own machine. Set PUBLIC_RPC_URLS to a node that everybody can reach.`,
    );
  if (others && !facts.hasContract)
    return fix(subject, "does not have the sale's contract, which another node has: it is behind. Use another node.");
  const age = Math.round((expected.now - facts.blockTime) / 1_000);
  if (!expected.sandbox && age > STALE_SECONDS)
    return fix(
      subject,
      `is behind its chain: its latest block is ${Math.round(age / 60)} minutes old. Use another node.`,
    );
  if (!expected.sandbox && age > OUTDATED_SECONDS)
    return note(
      subject,
      `answers, but its latest block is ${age} seconds old, so that pages say that they may be out of date. The node is behind, the chain has stopped, or this machine's clock is ahead.`,
    );
  return ok(subject, `answers${origin === undefined ? "" : ", pages of this site too"}, on chain ${facts.chainId}.`);
}
