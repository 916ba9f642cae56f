import type { BrowserContext } from "@playwright/test";

const OWN_HOSTS = new Set(["localhost", "127.0.0.1"]);
const NETWORK_PROTOCOLS = new Set(["http:", "https:", "ws:", "wss:"]);

function leavesThisMachine(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return NETWORK_PROTOCOLS.has(protocol) && !OWN_HOSTS.has(hostname);
}

/** Runs in the page: not every violation of a Content-Security-Policy is also written to the console. */
function reportPolicyViolations(): void {
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    console.error(`Content-Security-Policy: ${violatedDirective} blocked ${blockedURI}`),
  );
}

/**
 * Collects, from now on and for every tab: errors in the console, uncaught errors, policy violations and requests that leave this
 * machine.
 */
export async function collectPageProblems(context: BrowserContext): Promise<readonly string[]> {
  const problems: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (webError) => problems.push(`uncaught: ${webError.error().message}`));
  context.on("request", (request) => {
    if (leavesThisMachine(request.url())) problems.push(`outside request: ${request.url()}`);
  });
  await context.addInitScript(reportPolicyViolations);
  return problems;
}
