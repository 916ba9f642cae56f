import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { sandboxClient } from "@/lib/config/sandbox";
import { approve } from "@/tests/support/sandbox/sandbox-user";
import type { ProviderClient, TestStandIns } from "@/tests/support/sandbox/stand-ins";

/** Parameters by name; `undefined` leaves one out. */
export type Changes = Readonly<Record<string, string | undefined>>;

/** The facts that an app knows of a provider. */
export interface ProviderFacts {
  /** The path of the consent page. */
  authorizePath: string;
  scope?: string;
  pkce: boolean;
  /** True if token requests are JSON. */
  json: boolean;
}

/** The address of the app that is registered with the providers. */
const VISITOR_APP = "http://localhost:3000";

/** A PKCE verifier, and its challenge. */
const VERIFIER = "v".repeat(43);
const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");

function given(fields: Changes): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

/** An app that sends requests to one of the sandbox's providers itself, including some that the real app never sends. */
export class ProviderVisitor {
  readonly redirectUri: string;
  private readonly client: { clientId: string; clientSecret: string };

  constructor(
    private readonly provider: ProviderClient,
    id: string,
    private readonly facts: ProviderFacts,
  ) {
    this.redirectUri = `${VISITOR_APP}/oauth/callback/${id}`;
    this.client = sandboxClient(id);
  }

  get origin(): string {
    return this.provider.origin;
  }

  /** The address of the consent page as a correct app opens it, with the given changes. */
  authorizeUrl(changes: Changes = {}): URL {
    const { authorizePath, pkce, scope } = this.facts;
    const url = new URL(authorizePath, this.provider.pagesOrigin);
    const challenge = pkce ? { code_challenge: CHALLENGE, code_challenge_method: "S256" } : {};
    const request = { client_id: this.client.clientId, redirect_uri: this.redirectUri, response_type: "code" };
    const fields = { ...request, state: "a-state", scope, ...challenge, ...changes };
    url.search = new URLSearchParams(given(fields)).toString();
    return url;
  }

  async code(changes: Changes = {}): Promise<string> {
    return (await approve(this.authorizeUrl(changes))).searchParams.get("code") ?? "";
  }

  /** Sends a request to the token endpoint, as JSON if `json`, with id and secret unless changed. */
  ask(fields: Changes, { path = "/oauth/token", json = this.facts.json } = {}): Promise<Response> {
    const secret = { client_id: this.client.clientId, client_secret: this.client.clientSecret };
    const body = given({ ...secret, ...fields });
    const content = json
      ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(Object.fromEntries(body)) }
      : { body: new URLSearchParams(body) };
    return fetch(this.origin + path, { method: "POST", ...content });
  }

  redeem(code: string, changes: Changes = {}, how?: { json: boolean }): Promise<Response> {
    const verifier = this.facts.pkce ? VERIFIER : undefined;
    const grant = { grant_type: "authorization_code", code, redirect_uri: this.redirectUri, code_verifier: verifier };
    return this.ask({ ...grant, ...changes }, how);
  }

  refresh(refreshToken: string): Promise<Response> {
    return this.ask({ grant_type: "refresh_token", refresh_token: refreshToken });
  }

  /** Connects as "ada", from consent to tokens. */
  async tokens(changes: Changes = {}): Promise<{ access_token: string; refresh_token: string }> {
    return (await this.redeem(await this.code(changes))).json();
  }

  /** Reads from the API with this Authorization header. */
  get(path: string, authorization?: string): Promise<Response> {
    return fetch(this.origin + path, {
      ...(authorization !== undefined && { headers: { Authorization: authorization } }),
    });
  }
}

/** Stand-ins for the tests of a file, reset before each test, and their clock (milliseconds). */
export function openProviders<Stands extends Omit<TestStandIns<string>, "by">>(
  start: (now: () => number) => Promise<Stands>,
) {
  const clock = { now: Date.now() };
  let providers: Stands | undefined;
  beforeAll(async () => {
    providers = await start(() => clock.now);
    await providers.register(VISITOR_APP);
  });
  beforeEach(async () => {
    clock.now = Date.now();
    await providers?.reset();
  });
  afterAll(() => providers?.close());
  return {
    clock,
    get all(): Stands {
      if (!providers) throw new Error("The providers are not started yet");
      return providers;
    },
  };
}
