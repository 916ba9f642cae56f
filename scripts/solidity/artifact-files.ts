import prettier from "prettier";
import type { CompiledContract } from "./compile";
import { compileContract } from "./compile";
import type { ContractSources } from "./contract-sources";

/** The contracts that the sandbox deploys, and what their artifacts' files and exports are called after. */
const DEPLOYED = [
  { contract: "SandboxSale", file: "sandbox-sale", variable: "sandboxSaleAbi" },
  { contract: "SandboxUSDC", file: "sandbox-usdc", variable: "sandboxUsdcAbi" },
  { contract: "SandboxUSDT", file: "sandbox-usdt", variable: "sandboxUsdtAbi" },
] as const;

/** Where the artifacts are kept, from the project's folder. */
export const ARTIFACTS_FOLDER = "sandbox/chain/artifacts";

/**
 * Compiles and renders every artifact: file name -> text. The ABI is TypeScript, because types are inferred from it; the
 * code is JSON. Equal sources give equal text on every machine.
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
