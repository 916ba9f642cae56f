import { startChain } from "@/sandbox/chain/start";
import { startEcho } from "@/sandbox/echo/server";

/**
 * A program: Echo and the sale's chain in a process of their own, so that their work is not done in the time of those who measure. The first
 * argument is the app's redirect URI. It tells its parent where it answers, and ends with it.
 */

/** The users of a soak connect again and again, and an open grant must not be ended to make room for another. */
const MOST_GRANTS = 20_000;

/** Without new blocks the chain's clock would stand still, and permits would be judged by an old time. */
const BLOCK_SECONDS = 2;

const [redirectUri = ""] = process.argv.slice(2);
const chain = await startChain({ port: 0, blockSeconds: BLOCK_SECONDS });
const { rpcUrl: chainRpcUrl } = chain;
const echo = await startEcho({ port: 0, redirectUris: [redirectUri], chainRpcUrl, mostGrants: MOST_GRANTS });
process.once("disconnect", () => void echo.close().then(chain.close));
// Ctrl-C in a terminal reaches this process too. Its parent still has to end the soak, and then disconnects.
process.on("SIGINT", () => undefined);
process.send?.({ origin: echo.origin, rpcUrl: chainRpcUrl });
