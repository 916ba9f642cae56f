/**
 * Loaded into a server under test with `--import`: answers a message of the parent with the memory that is left after forced
 * collections. Without the forced collections, garbage that nobody has collected yet would look like a leak.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

process.on("message", () => {
  // Finalizers of the first collection release objects that the second one then frees.
  collect();
  setImmediate(() => {
    collect();
    const { heapUsed, rss } = process.memoryUsage();
    process.send?.({ heapUsed, rss });
  });
});
// A server that has been told to stop must be able to end while its parent still has a channel to it.
process.channel?.unref();
