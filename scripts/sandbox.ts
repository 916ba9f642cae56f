import { MULTICALL, SANDBOX_TOKENS } from "../sandbox/chain/chain-facts";
import { ignoredInSandbox, ignoredReport } from "../lib/config/env-rules";
import { environmentSchema } from "../lib/config/env-schema";
import {
  SANDBOX_DEFAULT_CHAIN_ID,
  SANDBOX_SALE,
  SANDBOX_CLIENT_UUID,
  SANDBOX_DEFAULT_PORT,
  SANDBOX_DEFAULT_TOKENS,
  SANDBOX_SALE_UUID,
  type SandboxToken,
} from "../lib/config/sandbox";
import { BLOCK_SECONDS, startSandbox, type ChainChoice, type RunningSandbox } from "../sandbox/start";
import { registeredStandIns } from "../lib/providers/registry";
import { loadEnv } from "./load-env";

/** Runs the sandbox alone, so that apps with different addresses can share it. */
async function main(): Promise<void> {
  loadEnv();
  const appUrl = process.env["APP_URL"] || "http://localhost:3000";
  const redirectUri = process.env["SONAR_REDIRECT_URI"] || new URL("/oauth/callback", appUrl).href;
  const own = settings();
  const { SANDBOX_PORT: port = SANDBOX_DEFAULT_PORT, SANDBOX_CHAIN_ID: chainId = SANDBOX_DEFAULT_CHAIN_ID } = own;
  const paymentTokens = own.SANDBOX_PAYMENT_TOKENS ?? SANDBOX_DEFAULT_TOKENS;
  const chain = chainOf(process.env["RPC_URLS"]);
  const ignored = ignoredInSandbox(process.env);
  if (ignored.length > 0) console.warn(ignoredReport(ignored));
  const providers = registeredStandIns(port).map((standIn) => ({
    ...standIn,
    redirectUris: [new URL(`/oauth/callback/${standIn.id}`, appUrl).href],
  }));
  const starting = startSandbox({
    port,
    redirectUris: [redirectUri],
    dataFolder: ".data",
    chain,
    chainId,
    paymentTokens,
    providers,
    hosts: own.SANDBOX_HOSTS ?? [],
  });
  // Registered before the start is complete: Echo answers a moment earlier, and a signal at that moment must stop everything too.
  let stopping = false;
  const stop = () => {
    // Ctrl-C in a terminal arrives again through npm and tsx: the second signal must neither close twice nor end the process early.
    if (stopping) return;
    stopping = true;
    void starting.then((sandbox) => sandbox.close());
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  console.log(announcement(await starting, { redirectUri, chainId, paymentTokens }));
}

/** The sandbox's own variables, checked as the app checks them. */
function settings() {
  const own = environmentSchema.pick({
    SANDBOX_PORT: true,
    SANDBOX_CHAIN_ID: true,
    SANDBOX_PAYMENT_TOKENS: true,
    SANDBOX_HOSTS: true,
  });
  const set = Object.entries(process.env).filter(([, value]) => value?.trim());
  const parsed = own.safeParse(Object.fromEntries(set));
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}.`).join("\n"));
}

/** The node that an app with these settings uses. */
function chainOf(rpcUrls: string | undefined): ChainChoice {
  const rpcUrl = rpcUrls?.split(",")[0]?.trim();
  return rpcUrl ? { rpcUrl } : { blockSeconds: BLOCK_SECONDS };
}

function announcement(
  { echoOrigin, chainRpcUrl, attached, found, providers }: RunningSandbox,
  { redirectUri, ...own }: { redirectUri: string; chainId: number; paymentTokens: readonly SandboxToken[] },
): string {
  const headline = attached ? "The sandbox is already running; the redirect URI is now registered with it." : "Sandbox";
  const more = providers.map(({ name, origin }) => `\n  ${name.padEnd(16)} ${origin}/`).join("");
  // A sandbox that runs already keeps its own settings.
  const { rpcUrl, chainId, paymentTokens } = found ?? { rpcUrl: chainRpcUrl, ...own };
  const tokens = paymentTokens.map((token) => `${SANDBOX_TOKENS[token]} (${token.toUpperCase()})`);
  return `${headline}
  Echo, controls   ${echoOrigin}/
  API and pages    ${echoOrigin} (SONAR_API_URL, SONAR_FRONTEND_URL)
  client           ${SANDBOX_CLIENT_UUID}
  sale             ${SANDBOX_SALE_UUID}
  redirect URI     ${redirectUri}
  chain            ${rpcUrl} (RPC_URLS), chain id ${chainId}
  sale contract    ${SANDBOX_SALE}
  payment tokens   ${tokens.join(", ")}
  Multicall3       ${MULTICALL}${more}`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
