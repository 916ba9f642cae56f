/**
 * Runs Node with these arguments so that file permissions hold: root ignores them, unless it gives up the capability to. For
 * anybody else they hold anyway.
 */
import { spawn } from "node:child_process";

const SETPRIV = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"];

const isRoot = process.getuid?.() === 0;
const [program, ...args] = [...(isRoot ? SETPRIV : []), process.execPath, ...process.argv.slice(2)];
const child = spawn(program ?? "", args, { stdio: "inherit" });
process.once("SIGTERM", () => child.kill("SIGTERM"));
child.once("exit", (code) => process.exit(code ?? 1));
