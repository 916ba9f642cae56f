import { join } from "node:path";
import { expect, test as base, type BrowserContext, type Locator, type Page } from "@playwright/test";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { startApp, type AppProcess } from "@/tests/support/app/app-process";
import { startTestSandboxWithChain, type TestSandboxWithChain } from "@/tests/support/sandbox/test-sandbox";
import { signInContext } from "@/tests/support/browser/connect-browser";
import { openFinishedSteps } from "@/tests/support/browser/shown-text";
import { temporaryFolder } from "@/tests/support/temporary-folder";

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
 * Collects, from now on and for every tab, errors in the console, uncaught errors, policy violations and requests that leave this
 * machine.
 */
async function collectPageProblems(context: BrowserContext): Promise<readonly string[]> {
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

/** The button of a stranger's page: the tests' apps sign in without a question, so that one press also begins connecting. */
export const SIGN_IN = "Sign in and connect Sonar";

/** The app's main page and the connection to Sonar, by the names that a user reads. */
export class SalePage {
  constructor(readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto("/");
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** Signs in without connecting, which the page offers as one press only. */
  async signIn(): Promise<void> {
    await signInContext(this.page.context(), this.page.url());
    await this.open();
    await this.button("Connect with Sonar").waitFor();
  }

  async signOut(): Promise<void> {
    await this.button("Sign out").click();
    // A site that asks for a login calls its own button otherwise.
    await this.page
      .getByRole("main")
      .getByRole("button", { name: /^Sign in/ })
      .waitFor();
  }

  /** Goes to the sandbox's consent page and stops there. */
  async beginConnect(): Promise<void> {
    await this.button("Connect with Sonar").click();
    await this.button("Approve").waitFor();
  }

  /** Chooses a persona by its name and approves. Ends in the app. */
  async approveAs(persona: string): Promise<void> {
    await this.page.getByRole("radio", { name: new RegExp(`^${persona}\\b`) }).check();
    await this.button("Approve").click();
    await this.page.waitForURL((url) => url.hostname === "localhost");
  }

  /** Refuses. Ends in the app. */
  async deny(): Promise<void> {
    await this.button("Deny").click();
    await this.page.waitForURL((url) => url.hostname === "localhost");
  }

  /** Opens the app, signs in and connects with one press, and approves. */
  async connectAs(persona: string): Promise<void> {
    await this.open();
    await this.button(SIGN_IN).click();
    await this.approveAs(persona);
  }

  async disconnect(): Promise<void> {
    await openFinishedSteps(this.page);
    await this.button("Disconnect Sonar").click();
    await this.button("Connect with Sonar").waitFor();
  }
}

interface WorkerFixtures {
  /** Reset before every test. */
  sandbox: TestSandboxWithChain;
  /** The production build on a SQLite file of its own, connected to `sandbox`. */
  app: AppProcess;
}

interface TestFixtures {
  salePage: SalePage;
  /** Problems that a test provokes on purpose; all others fail it. Set with `test.use`. */
  expectedProblems: readonly RegExp[];
  healthyPages: void;
}

function unexpectedOf(problems: readonly string[], expected: readonly RegExp[]): string[] {
  return problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
}

/** Starts the app on a SQLite file of its own, with `settings` beside the usual environment, for as long as `use` takes. */
export async function serveApp(
  { port: sandboxPort, rpcUrl }: TestSandboxWithChain,
  use: (app: AppProcess) => Promise<void>,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const folder = temporaryFolder();
  try {
    const app = await startApp({
      env: {
        ...appEnvironment({ databaseUrl: `file:${join(folder.path, "app.db")}`, sandboxPort, rpcUrl }),
        ...settings,
      },
    });
    await use(app);
    await app.stop();
  } finally {
    folder.remove();
  }
}

/** Playwright's `test` with an app and a sandbox per worker. It fails on errors that a page reports to developers only. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  sandbox: [
    async ({}, use) => {
      const sandbox = await startTestSandboxWithChain();
      await use(sandbox);
      await sandbox.close();
    },
    { scope: "worker" },
  ],
  app: [async ({ sandbox }, use) => serveApp(sandbox, use), { scope: "worker" }],
  baseURL: async ({ app }, use) => use(app.url),
  expectedProblems: [[], { option: true }],
  healthyPages: [
    async ({ context, sandbox, expectedProblems }, use) => {
      await sandbox.control.reset();
      const problems = await collectPageProblems(context);
      await use();
      expect(unexpectedOf(problems, expectedProblems), "errors, policy violations and outside requests").toEqual([]);
    },
    { auto: true },
  ],
  salePage: async ({ page }, use) => use(new SalePage(page)),
});

interface SecondBrowserFixtures {
  /** Another browser at the same app, with its own cookies. Errors of its pages fail the test too. */
  secondBrowser: BrowserContext;
}

/** Playwright's `test` with two browsers. */
export const secondBrowserTest = test.extend<SecondBrowserFixtures>({
  secondBrowser: async ({ browser, expectedProblems }, use) => {
    const context = await browser.newContext();
    const problems = await collectPageProblems(context);
    await use(context);
    await context.close();
    expect(unexpectedOf(problems, expectedProblems), "those of the second browser").toEqual([]);
  },
});

export { expect };
