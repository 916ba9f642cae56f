import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ARTIFACTS_FOLDER, renderArtifacts, compileContract, readContractSources } from "@/sandbox/chain/compile";

describe("the contracts' artifacts", () => {
  it("are byte for byte what their sources compile to", async () => {
    const rendered = Object.fromEntries(await renderArtifacts(readContractSources()));
    const kept = readdirSync(ARTIFACTS_FOLDER).map((name) => [
      name,
      readFileSync(join(ARTIFACTS_FOLDER, name), "utf8"),
    ]);
    // Compared as one boolean: a difference of bytecodes is nothing to read.
    expect(Object.keys(rendered).sort()).toEqual(kept.map(([name]) => name).sort());
    for (const [name, text] of kept) expect(rendered[name ?? ""] === text, name).toBe(true);
  });

  it("do not depend on comments", () => {
    const token = "SandboxUSDT.sol";
    const sources = readContractSources();
    const commented = { ...sources, [token]: `${sources[token]}\n// A remark.\n` };
    expect(compileContract("SandboxUSDT", commented)).toEqual(compileContract("SandboxUSDT", sources));
  });

  it("cannot be made from sources with a warning", () => {
    const unused = "contract Unused { function f() external pure { uint256 x; } }";
    const sources = { "Unused.sol": `// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n${unused}` };
    expect(() => compileContract("Unused", sources)).toThrow("Unused local variable");
  });
});
