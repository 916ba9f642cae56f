/** Loaded into a server under test with `--import`: on SIGUSR2 it prints the packages that have been loaded from node_modules. */
import Module from "node:module";

process.on("SIGUSR2", () => {
  const files = Object.keys(Module._cache);
  const names = files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  process.stdout.write(`loaded packages: ${[...new Set(names)].join(" ")} .\n`);
});
