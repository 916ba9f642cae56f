import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileContract, readContractSources } from "@/sandbox/chain/compile";
import { SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { SANDBOX_DEFAULT_CHAIN_ID } from "@/lib/config/sandbox";
import { deploySandboxContracts } from "@/sandbox/chain/deploy";
import { nodeClient } from "@/sandbox/chain/node-client";
import { startNode, type RunningNode } from "@/sandbox/chain/node";
import { BUYERS_MUTATIONS, type Mutation } from "@/tests/conformance/mutations";
import { OPERATORS_MUTATIONS } from "@/tests/conformance/operators-mutations";
import { ALL_RULES } from "@/tests/conformance/rules/all-rules";
import { deploySale, openSale } from "@/tests/conformance/support/open-sale";
import { checkRule, type Rule } from "@/tests/conformance/support/rule";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

const MUTATIONS = [...BUYERS_MUTATIONS, ...OPERATORS_MUTATIONS];

const sources = readContractSources();
const rules = new Map(ALL_RULES.flatMap((group) => group.rules).map((rule) => [rule.statement, rule]));

let chain: RunningNode;

beforeAll(async () => {
  chain = await startNode({ port: 0, chainId: SANDBOX_DEFAULT_CHAIN_ID, anyCodeSize: true });
  await deploySandboxContracts(nodeClient(chain.rpcUrl));
});
afterAll(() => chain.close());

function findRule(statement: string): Rule {
  const found = rules.get(statement);
  if (!found) throw new Error(`There is no rule "${statement}".`);
  return found;
}

/** The sources with one mistake. Throws unless the text to replace occurs exactly once. */
function broken({ file, find, replace }: Mutation): typeof sources {
  const [before, after, ...more] = (sources[file] ?? "").split(find);
  if (before === undefined || after === undefined || more.length > 0) throw new Error(`${file}: not once: ${find}`);
  return { ...sources, [file]: before + replace + after };
}

/** Opens a sale of changed sources, with both tokens of the sandbox. */
async function openChanged(changed: typeof sources): Promise<SaleBench> {
  const { bytecode } = compileContract("SandboxSale", changed, { draft: true });
  const sale = await deploySale(nodeClient(chain.rpcUrl), bytecode, Object.values(SANDBOX_TOKENS));
  return openSale(chain.rpcUrl, sale, bytecode);
}

async function expectFound(mutation: Mutation): Promise<void> {
  const sale = await openChanged(broken(mutation));
  for (const statement of mutation.breaks) {
    // Only an error of an assertion counts: a test that merely breaks down has found nothing.
    await expect(checkRule(sale, findRule(statement)), statement).rejects.toThrow(
      expect.objectContaining({ name: "AssertionError" }),
    );
  }
}

describe("the rules find a contract in which", () => {
  for (const mutation of MUTATIONS) it(mutation.title, () => expectFound(mutation));
});

describe("the rules", () => {
  it("have names of their own", () => {
    expect(rules.size).toBe(ALL_RULES.flatMap((group) => group.rules).length);
  });

  it("find nothing in the contract as it is", async () => {
    const sale = await openChanged(sources);
    const named = new Set(MUTATIONS.flatMap(({ breaks }) => breaks));
    for (const statement of named) await checkRule(sale, findRule(statement));
  });
});
