import { SANDBOX_CLIENT_UUID, SANDBOX_DEFAULT_PORT, SANDBOX_SALE_UUID } from "../sandbox/constants";
import { startSandbox } from "../sandbox/start";
import { loadEnv } from "./load-env";

/** Runs the sandbox alone: an app with another APP_URL, or several of them, can share it. */
async function main(): Promise<void> {
  loadEnv();
  const appUrl = process.env["APP_URL"] || "http://localhost:3000";
  const redirectUri = process.env["SONAR_REDIRECT_URI"] || new URL("/oauth/callback", appUrl).href;
  const port = portOf(process.env["SANDBOX_PORT"]);
  const sandbox = await startSandbox({ port, redirectUris: [redirectUri], dataFolder: ".data" });
  console.log(announcement(sandbox.echoOrigin, redirectUri, sandbox.attached));
  const stop = () => void sandbox.close();
  process.once("SIGINT", stop).once("SIGTERM", stop);
}

function portOf(text: string | undefined): number {
  if (!text) return SANDBOX_DEFAULT_PORT;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error("SANDBOX_PORT must be a port number.");
  return port;
}

function announcement(origin: string, redirectUri: string, attached: boolean): string {
  const headline = attached
    ? "The sandbox was running already; the redirect URI is now registered with it."
    : "Sandbox";
  return `${headline}
  Echo, controls   ${origin}/
  API and pages    ${origin} (SONAR_API_URL, SONAR_FRONTEND_URL)
  client           ${SANDBOX_CLIENT_UUID}
  sale             ${SANDBOX_SALE_UUID}
  redirect URI     ${redirectUri}`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
