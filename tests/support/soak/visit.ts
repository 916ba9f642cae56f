import { setTimeout as sleep } from "node:timers/promises";
import type { Result } from "@/lib/result";
import { acceptTerms, callAction } from "@/tests/support/app/call-action";
import { NAVIGATION, redirectOf } from "@/tests/support/app/http-browser";
import { approve } from "@/tests/support/sandbox/sandbox-user";
import type { Answers } from "@/tests/support/soak/answers";
import { NoAnswer, SoakBrowser } from "@/tests/support/soak/soak-browser";
import type { UpstreamRecord } from "@/tests/support/soak/upstream-record";

/** The site as its users reach it. */
export interface Site {
  url: string;
  record: UpstreamRecord;
  answers: Answers;
  /** The lifetime of access tokens in seconds. */
  tokenSeconds: number;
  /** The mean time between two of a user's actions (milliseconds). */
  thinkMs: number;
  isOver(): boolean;
}

/** The person that each user approves as, with data of their own. */
export const PERSONA = "ada";

/** How often a user reloads a return from the provider that was answered with 503, and in which interval (milliseconds). */
const RELOADS = { most: 5, afterMs: 3_000 };

/** What a page offers its visitor. */
export interface Offers {
  signIn: boolean;
  connect: boolean;
  disconnect: boolean;
}

/** What one browser can do on the site. Everything throws `NoAnswer` where no answer came. */
export class Visit {
  private readonly browser: SoakBrowser;

  /** `number`: of the user, for an address of its own. */
  constructor(
    private readonly user: string,
    number: number,
    private readonly site: Site,
  ) {
    const address = `10.1.${Math.floor(number / 250)}.${(number % 250) + 1}`;
    this.browser = new SoakBrowser(user, site.answers, address);
  }

  /** True if it succeeded. */
  async signIn(): Promise<boolean> {
    return this.press("/auth/sign-in");
  }

  async signOut(): Promise<void> {
    await this.press("/auth/sign-out");
  }

  /** True if it succeeded. */
  async disconnect(): Promise<boolean> {
    return this.press("/auth/disconnect/sonar");
  }

  /** Goes to the provider's consent page; undefined if the site could not begin. */
  async goToConsent(): Promise<URL | undefined> {
    const target = redirectOf(await this.browser.submit(new URL("/auth/connect/sonar", this.site.url)));
    return target?.searchParams.has("code_challenge") ? target : undefined;
  }

  /** Approves there and comes back; true if the site says that it is connected. */
  async approveAndReturn(consent: URL): Promise<boolean> {
    const callback = await approve(consent, PERSONA);
    this.site.record.approved(this.user, callback.searchParams.get("code") ?? "");
    let answer = await this.browser.get(callback, NAVIGATION);
    // The site promises that a return it cannot serve now is completed by a reload.
    for (let reloads = 0; answer.status === 503 && reloads < RELOADS.most; reloads += 1) {
      await sleep(RELOADS.afterMs);
      answer = await this.browser.get(callback, NAVIGATION);
    }
    return redirectOf(answer)?.pathname === "/";
  }

  /** Loads a page; undefined if it was not shown. */
  async load(path: string): Promise<Offers | undefined> {
    const answer = await this.browser.get(new URL(path, this.site.url), NAVIGATION);
    const page = await answer.text();
    if (answer.status !== 200) return undefined;
    const offers = (form: string) => page.includes(`action="/auth/${form}"`);
    return { signIn: offers("sign-in"), connect: offers("connect/sonar"), disconnect: offers("disconnect/sonar") };
  }

  /** Calls an action. What is no result of an action has been entered as a wrong answer, or is the balancer's. */
  async call(action: string, input: unknown): Promise<Result<unknown>> {
    return this.answered(action, () => callAction(this.browser, this.site.url, action, input));
  }

  /** Accepts the terms, or tries to. */
  async acceptTerms(entityID: string): Promise<void> {
    await this.answered("acceptTerms", () => acceptTerms(this.browser, this.site.url, entityID));
  }

  private async answered<T>(what: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof NoAnswer) throw error;
      throw new NoAnswer(`${what} was not answered`, { cause: error });
    }
  }

  private async press(path: string): Promise<boolean> {
    return redirectOf(await this.browser.submit(new URL(path, this.site.url)))?.pathname === "/";
  }
}
