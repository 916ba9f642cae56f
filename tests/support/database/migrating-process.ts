import { once } from "node:events";
import { openDatabase } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";

/**
 * A program that opens and migrates the given database when it gets a message: several of them at once are
 * several instances of the app that start together.
 */
const go = once(process, "message");
process.send?.("ready");
await go;
const { kysely } = await openDatabase(process.argv[2] ?? "");
await migrate(kysely);
await kysely.destroy();
process.disconnect();
