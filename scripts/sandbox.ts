import { SANDBOX_TOKENS } from "../sandbox/chain/chain-facts";
import {
  SANDBOX_CHAIN_ID,
  SANDBOX_SALE,
  SANDBOX_CLIENT_UUID,
  SANDBOX_DEFAULT_PORT,
  SANDBOX_SALE_UUID,
} from "../lib/config/sandbox";
import { BLOCK_SECONDS, startSandbox, type ChainChoice, type RunningSandbox } from "../sandbox/start";
import { registeredStandIns } from "../lib/providers/registry";
import { loadEnv } from "./load-env";

/** Runs the sandbox alone, so that apps with different addresses can share it. */
async function main(): Promise<void> {
  loadEnv();
  const appUrl = process.env["APP_URL"] || "http://localhost:3000";
  const redirectUri = process.env["SONAR_REDIRECT_URI"] || new URL("/oauth/callback", appUrl).href;
  const port = portOf(process.env["SANDBOX_PORT"]);
  const chain = chainOf(process.env["RPC_URLS"]);
  const providers = registeredStandIns(port).map((standIn) => ({
    ...standIn,
    redirectUris: [new URL(`/oauth/callback/${standIn.id}`, appUrl).href],
  }));
  const starting = startSandbox({ port, redirectUris: [redirectUri], dataFolder: ".data", chain, providers });
  // Registered before the start is complete: Echo answers a moment earlier, and a signal at that moment must stop everything too.
  let stopping = false;
  const stop = () => {
    // Ctrl-C in a terminal arrives again through npm and tsx: the second signal must neither close twice nor end the process early.
    if (stopping) return;
    stopping = true;
    void starting.then((sandbox) => sandbox.close());
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  console.log(announcement(await starting, redirectUri));
}

function portOf(text: string | undefined): number {
  if (!text) return SANDBOX_DEFAULT_PORT;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_500) throw new Error("SANDBOX_PORT must be a port number.");
  return port;
}

/** The node that an app with these settings uses. */
function chainOf(rpcUrls: string | undefined): ChainChoice {
  const rpcUrl = rpcUrls?.split(",")[0]?.trim();
  return rpcUrl ? { rpcUrl } : { blockSeconds: BLOCK_SECONDS };
}

function announcement({ echoOrigin, chainRpcUrl, attached, providers }: RunningSandbox, redirectUri: string): string {
  const headline = attached ? "The sandbox is already running; the redirect URI is now registered with it." : "Sandbox";
  const more = providers.map(({ name, origin }) => `\n  ${name.padEnd(16)} ${origin}/`).join("");
  return `${headline}
  Echo, controls   ${echoOrigin}/
  API and pages    ${echoOrigin} (SONAR_API_URL, SONAR_FRONTEND_URL)
  client           ${SANDBOX_CLIENT_UUID}
  sale             ${SANDBOX_SALE_UUID}
  redirect URI     ${redirectUri}
  chain            ${chainRpcUrl} (RPC_URLS), chain id ${SANDBOX_CHAIN_ID}
  sale contract    ${SANDBOX_SALE}
  payment tokens   ${SANDBOX_TOKENS.usdc} (USDC), ${SANDBOX_TOKENS.usdt} (USDT)${more}`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
