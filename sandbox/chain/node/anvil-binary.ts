import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const CPU: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64", arm64: "arm64" };

/**
 * The node's program for this machine. Looked up by hand, from the working directory upwards: the package's own starter
 * leaves the node running when it is ended, and a bundler would try to follow an import. Throws if it is not installed.
 */
export function findAnvil(): string {
  const name = `@foundry-rs/anvil-${process.platform}-${CPU[process.arch] ?? process.arch}`;
  const program = process.platform === "win32" ? "anvil.exe" : "anvil";
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    // Without the remark the bundler would take the node, 44 MB, for a part of the app and deploy it.
    const path = join(/* turbopackIgnore: true */ folder, "node_modules", name, "bin", program);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) throw new Error(`The local chain needs the package ${name}. Run npm install.`);
  }
}
