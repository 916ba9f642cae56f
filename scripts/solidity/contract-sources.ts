import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "sandbox/chain/contracts";

/** Solidity sources: file name -> text. */
export type ContractSources = Readonly<Record<string, string>>;

/** The sandbox's own contracts, in an order that does not depend on the file system. */
export function readContractSources(): ContractSources {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".sol"));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(FOLDER, name), "utf8")]));
}
