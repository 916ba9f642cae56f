import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { startApp, type AppProcess } from "@/tests/support/app/app-process";
import { connectAs, HttpBrowser, signIn } from "@/tests/support/app/http-browser";
import { startTestSandboxWithChain } from "@/tests/support/sandbox/test-sandbox";
import { temporaryFolder } from "@/tests/support/temporary-folder";

/** The number of connected visitors. */
export const VISITORS = 8;

/** Tabs of each visitor. Each tab loads the page again as soon as it is complete. */
export const TABS = 8;

/** The heap that the smallest containers leave to a server (megabytes). */
export const HEAP_LIMIT_MB = 128;

/** The production build with little memory, and connected visitors. */
export interface SmallServer {
  /**
   * Loads the page so many times in all, by all visitors at the same time; `afterEach` keeps only one of them waiting. Throws when an
   * answer is not the page of somebody connected.
   */
  load(times: number, afterEach?: (done: number) => Promise<void> | void): Promise<void>;
  /** Live memory after a forced collection, and the process's resident memory; in megabytes. */
  memory(): Promise<{ heap: number; resident: number }>;
  close(): Promise<void>;
}

async function connectVisitors(url: string): Promise<HttpBrowser[]> {
  const visitors = Array.from({ length: VISITORS }, () => new HttpBrowser());
  for (const visitor of visitors) {
    await signIn(visitor, url);
    await connectAs(visitor, url);
  }
  return visitors;
}

/** One load, with a plain client: `fetch` needs so much time here that the server would be idle in between. */
function loadPage(url: string, cookie: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { cookie }, agent }, (answer) => void text(answer).then(resolve, reject))
      .once("error", reject)
      .end();
  });
}

/**
 * Loads without a pause, because the first gap would release the memory that one load holds of the next (nodejs/node#66129). The
 * memory is therefore measured while other loads continue.
 */
async function loadOverlapping(
  { url }: AppProcess,
  visitors: readonly HttpBrowser[],
  times: number,
  afterEach: (done: number) => Promise<void> | void,
): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  let [begun, done] = [0, 0];
  const loadAgain = async ({ cookies }: HttpBrowser): Promise<void> => {
    while (begun < times) {
      begun += 1;
      const page = await loadPage(url, cookies.header(new URL(url)), agent);
      if (!page.includes("Ada Lovelace")) throw new Error(`Not the page of somebody connected: ${page.slice(0, 200)}`);
      done += 1;
      await afterEach(done);
    }
  };
  const tabs = Array.from({ length: TABS }, () => visitors.map(loadAgain));
  try {
    await Promise.all(tabs.flat());
  } catch (error) {
    throw new Error(`Page ${done + 1} of ${times} could not be loaded`, { cause: error });
  } finally {
    agent.destroy();
  }
}

/** Starts the production build with `HEAP_LIMIT_MB` of heap on the Node that runs this. */
export async function startSmallServer(): Promise<SmallServer> {
  const folder = temporaryFolder();
  const sandbox = await startTestSandboxWithChain();
  const { port: sandboxPort, rpcUrl } = sandbox;
  const env = {
    ...appEnvironment({ databaseUrl: `file:${folder.path}/app.db`, sandboxPort, rpcUrl }),
    RATE_READS_PER_MINUTE: "100000",
    // So many loads at once are slow on a busy machine, and memory is the subject, not time.
    UPSTREAM_TIMEOUT_MS: "50000",
  };
  const app = await startApp({ env, heapLimitMb: HEAP_LIMIT_MB });
  const visitors = await connectVisitors(app.url);
  return {
    load: (times, afterEach = () => undefined) => loadOverlapping(app, visitors, times, afterEach),
    memory: async () => {
      const { heapUsed, rss } = await app.memory();
      return { heap: heapUsed / 2 ** 20, resident: rss / 2 ** 20 };
    },
    async close() {
      await app.stop();
      await sandbox.close();
      folder.remove();
    },
  };
}
