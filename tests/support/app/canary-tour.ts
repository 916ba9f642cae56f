import { unsealData } from "iron-session";
import { appUser, outdateTokens, type AppBench, type AppUser } from "@/tests/support/app/app-bench";
import { actionNames, INPUTS } from "@/tests/support/app/call-action";
import { ListeningBrowser, type Place, type Secret } from "@/tests/support/app/find-secrets";
import { beginConnect, redirectOf, signIn } from "@/tests/support/app/http-browser";
import { ECHO, type Passage } from "@/tests/support/app/upstream-gate";
import { databaseText } from "@/tests/support/database/databases";
import { approve } from "@/tests/support/sandbox/sandbox-user";

const ASKED = ["code", "code_verifier", "refresh_token"];
const ANSWERED = ["access_token", "refresh_token"];

const TOKEN_ENDPOINTS: readonly string[] = [ECHO.exchange, ECHO.refresh];

/** Read without parsing: some answers are broken on purpose. */
function secretsOf(fields: readonly string[], text = ""): Secret[] {
  return fields.flatMap((name) => {
    const value = new RegExp(`"${name}":"([^"]+)"`).exec(text)?.[1];
    if (value === undefined) return [];
    // Part of an access token is as bad as all of it, so the signature is also searched for alone.
    const signature =
      name === "access_token" ? [{ name: "access_token's signature", value: value.split(".")[2] ?? "" }] : [];
    return [{ name, value }, ...signature];
  });
}

/** The tokens, codes and verifiers that an app sent to Echo or received from it. */
function upstreamSecrets(passages: readonly Passage[]): Secret[] {
  return passages
    .filter(({ path }) => TOKEN_ENDPOINTS.includes(path))
    .flatMap(({ body, answer }) => [...secretsOf(ASKED, body), ...secretsOf(ANSWERED, answer)]);
}

/** The actions that end a session or a connection. They are called last: after them, the others would find nobody. */
const ENDING_ACTIONS: readonly string[] = ["disconnectSonar", "logout", "login"];

/** The places that a tour saw, and the secrets that must not be in them. */
export interface Tour {
  places: Place[];
  secrets: Secret[];
}

/** One visit to the app that uses everything, with many failures, and records all answers. */
class CanaryTour implements Tour {
  readonly places: Place[] = [];
  readonly secrets: Secret[] = [];
  readonly browser = new ListeningBrowser();
  private readonly user: AppUser;
  private readonly url: string;

  constructor(private readonly bench: AppBench) {
    this.url = bench.app.url;
    this.user = appUser(this.url, this.browser);
  }

  async connect(): Promise<void> {
    await this.browser.get(this.url);
    await signIn(this.browser, this.url);
    await this.noteSession();
    const callback = await this.authorize();
    await this.lookIntoTables("while connecting");
    await this.browser.follow(await this.browser.get(callback));
    await this.browser.follow(await this.browser.get(callback));
    await this.lookIntoTables("while connected");
  }

  async use(): Promise<void> {
    await this.readPayload();
    await this.callActions();
    await outdateTokens(this.bench);
    await this.browser.get(this.url);
    for (const path of ["/api/health?ready", "/api/commitments", "/nowhere"]) await this.browser.get(this.url + path);
  }

  async fail(): Promise<void> {
    const { control } = this.bench.sandbox;
    for (const status of [400, 401, 500]) {
      await control.setFault({ endpoint: ECHO.exchange, effect: { kind: "status", status }, times: 1 });
      await this.browser.follow(await this.browser.get(await this.authorize()));
    }
    await control.setFault({ endpoint: ECHO.exchange, effect: { kind: "malformed-json" }, when: "after", times: 1 });
    await this.browser.follow(await this.browser.get(await this.authorize()));
    await control.setFault({ endpoint: "*", effect: { kind: "malformed-json" } });
    await this.callActions();
    await control.setFault({ endpoint: "*", effect: { kind: "status", status: 401 } });
    await this.browser.get(this.url);
    await control.clearFaults();
  }

  async leave(): Promise<void> {
    await this.browser.follow(await this.browser.get(await this.authorize()));
    await this.browser.submit(`${this.url}/auth/disconnect/sonar`);
    await this.authorize();
    await this.lookIntoTables("with a connection given up half-way");
    await this.browser.submit(`${this.url}/auth/sign-out`);
    for (const action of ENDING_ACTIONS) await this.user.call(action, {});
    await this.noteSession();
    await this.browser.get(this.url);
  }

  /** Calls every action that leaves the user signed in and connected. */
  private async callActions(): Promise<void> {
    const staying = actionNames().filter((name) => !ENDING_ACTIONS.includes(name));
    // In the order of INPUTS: the terms are accepted before a permit is asked for.
    const named = Object.keys(INPUTS).filter((name) => staying.includes(name));
    for (const action of new Set([...named, ...staying])) await this.user.call(action, INPUTS[action] ?? {});
  }

  /** Connects up to the callback and returns its address. */
  private async authorize(): Promise<URL> {
    const consent = await beginConnect(this.browser, this.url);
    this.secrets.push({ name: "state", value: consent.searchParams.get("state") ?? "" });
    return approve(consent);
  }

  private async noteSession(): Promise<void> {
    const [, sealed = ""] = this.browser.cookies.header(new URL(this.url)).split("session=");
    const { id = "" } = await unsealData<{ id?: string }>(sealed, { password: this.bench.env["SESSION_SECRET"] ?? "" });
    this.secrets.push({ name: "session id", value: id });
  }

  private async lookIntoTables(when: string): Promise<void> {
    this.places.push({ name: `tables ${when}`, text: await databaseText(this.bench.database) });
  }

  /** The page as React's payload. Next asks for its own query parameter first, by a redirect. */
  private async readPayload(): Promise<void> {
    const headers = { RSC: "1" };
    const target = redirectOf(await this.browser.get(this.url, { headers }));
    if (target) await this.browser.get(target, { headers });
  }
}

/** Does all that a user can do. Returns the answers, the contents of the tables meanwhile, and the secrets in use. */
export async function takeCanaryTour(bench: AppBench): Promise<Tour> {
  const tour = new CanaryTour(bench);
  await tour.connect();
  await tour.use();
  await tour.fail();
  await tour.leave();
  const { places, secrets, browser } = tour;
  return { places: [...places, ...browser.heard], secrets: [...secrets, ...upstreamSecrets(bench.gate.passages)] };
}
