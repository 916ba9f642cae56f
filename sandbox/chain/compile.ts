import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import solc from "solc";
import type { Abi, Hex } from "viem";
import { z } from "zod";
import prettier from "prettier";

const FOLDER = "sandbox/chain/contracts";

/** Solidity sources: file name -> text. */
export type ContractSources = Readonly<Record<string, string>>;

/** The sandbox's own contracts, in an order that is the same on every file system. */
export function readContractSources(): ContractSources {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".sol"));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(FOLDER, name), "utf8")]));
}

/** A compiled contract. */
export interface CompiledContract {
  abi: Abi;
  /** The code that deploys the contract, without constructor arguments. */
  bytecode: Hex;
  /** The code at the contract's address after that, except for immutables. */
  deployedBytecode: Hex;
}

const OUTPUT = ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"];

const SETTINGS = {
  evmVersion: "cancun",
  // The metadata's hash covers comments and paths; without it, equal code gives equal bytes.
  metadata: { appendCBOR: false, bytecodeHash: "none" },
};

const problem = z.object({
  severity: z.enum(["error", "warning", "info"]),
  formattedMessage: z.string(),
  sourceLocation: z.object({ file: z.string() }).optional(),
});
const bytes = z.object({ object: z.string() });
const contract = z.object({
  abi: z.custom<Abi>(Array.isArray),
  evm: z.object({ bytecode: bytes, deployedBytecode: bytes }),
});
const output = z.object({
  errors: z.array(problem).default([]),
  contracts: z.record(z.string(), z.record(z.string(), contract)).default({}),
});

/** Options for the compiler. */
export interface CompileOptions {
  /** Halves the time: the code is not optimised, exceeds a chain's size limit, and warnings are accepted. */
  draft?: boolean;
}

/**
 * Compiles one contract, from the file with its name, with the compiler from npm. Throws, with the compiler's own text, on errors
 * and on warnings about `sources`.
 */
export function compileContract(
  name: string,
  sources: ContractSources,
  { draft = false }: CompileOptions = {},
): CompiledContract {
  const file = `${name}.sol`;
  const files = Object.entries(sources).map(([path, content]) => [path, { content }]);
  // The Yul part of the optimiser triples the time and saves a tenth of the code.
  const optimizer = { enabled: !draft, runs: 200, details: { yul: false } };
  const settings = { ...SETTINGS, optimizer, outputSelection: { [file]: { [name]: OUTPUT } } };
  const input = { language: "Solidity", sources: Object.fromEntries(files), settings };
  const answer: unknown = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport }));
  const { errors, contracts } = output.parse(answer);
  const compiled = contracts[file]?.[name];
  // Warnings about a package are for its authors.
  const ours = errors.filter(({ severity, sourceLocation }) => {
    return severity === "error" || (!draft && isIn(sources, sourceLocation));
  });
  if (ours.length > 0) throw new Error(ours.map(({ formattedMessage }) => formattedMessage).join("\n"));
  if (!compiled) throw new Error(`${file} has no contract ${name}`);
  const { bytecode, deployedBytecode } = compiled.evm;
  return { abi: compiled.abi, bytecode: `0x${bytecode.object}`, deployedBytecode: `0x${deployedBytecode.object}` };
}

function isIn(sources: ContractSources, location: { file: string } | undefined): boolean {
  return location === undefined || location.file in sources;
}

/** An import that is not among the sources is a package. */
function readImport(path: string): { contents: string } | { error: string } {
  try {
    return { contents: readFileSync(join("node_modules", path), "utf8") };
  } catch {
    return { error: `${path} is neither a source nor in a package` };
  }
}

/** The contracts that the sandbox deploys, with the names of their artifacts' files and exports. */
const DEPLOYED = [
  { contract: "SandboxSale", file: "sandbox-sale", variable: "sandboxSaleAbi" },
  { contract: "SandboxUSDC", file: "sandbox-usdc", variable: "sandboxUsdcAbi" },
  { contract: "SandboxUSDT", file: "sandbox-usdt", variable: "sandboxUsdtAbi" },
] as const;

/** The folder of the artifacts, relative to the project. */
export const ARTIFACTS_FOLDER = "sandbox/chain/artifacts";

/**
 * Compiles the contracts and renders every artifact: file name -> text. The ABI is TypeScript, so that types are inferred from it;
 * the code is JSON. Equal sources give equal text on every machine.
 */
export async function renderArtifacts(sources: ContractSources): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const { contract, file, variable } of DEPLOYED) {
    const compiled = compileContract(contract, sources);
    files.set(`${file}-abi.ts`, await abiText(contract, variable, compiled));
    files.set(`${file}.json`, codeText(compiled));
  }
  return files;
}

function abiText(contract: string, variable: string, { abi }: CompiledContract): Promise<string> {
  const comment = `/** ABI of contracts/${contract}.sol. Made by \`npm run contracts\`; do not edit. */`;
  const text = `${comment}\nexport const ${variable} = ${JSON.stringify(abi)} as const;`;
  return prettier.format(text, { parser: "typescript", printWidth: 120, quoteProps: "as-needed" });
}

function codeText({ bytecode, deployedBytecode }: CompiledContract): string {
  return `${JSON.stringify({ bytecode, deployedBytecode }, null, 2)}\n`;
}
