import { builtinModules } from "node:module";
import { build } from "vite";

/** The scripts that a container runs beside the server, each compiled to a file of its name. */
const COMMANDS = [
  "check-env",
  "migrate",
  "doctor",
  "audit",
  "sale",
  "connections",
  "sessions",
  "keys",
  "sweep",
  "backup",
];

/** The first two are in the server's node_modules (one is a binary, one reads its own folder); the others are optional, and absent. */
const OUTSIDE = ["libsql", "@next/env", "pg-native", "bufferutil", "utf-8-validate"];

const BUILT_IN = builtinModules.flatMap((name) => [name, `node:${name}`]);

/** The folder of the compiled commands; tests name another one. */
const [outDir = ".next/commands"] = process.argv.slice(2);

/** Compiles the commands so that plain Node runs them from the folder of the standalone server, without tsx and source files. */
await build({
  configFile: false,
  logLevel: "warn",
  publicDir: false,
  resolve: { tsconfigPaths: true },
  // `server-only` is an error under every other condition.
  ssr: { noExternal: true, external: BUILT_IN, resolve: { conditions: ["react-server", "node"] } },
  build: {
    ssr: true,
    target: "node20",
    outDir,
    rollupOptions: {
      input: Object.fromEntries(COMMANDS.map((name) => [name, `scripts/${name}.ts`])),
      external: OUTSIDE,
      output: { entryFileNames: "[name].mjs", chunkFileNames: "commands/[name]-[hash].mjs" },
    },
  },
});
