import { randomUUID } from "node:crypto";
import { answerJson, startLocalServer, type Handler } from "@/tests/support/local-server";

function part(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString("base64url");
}

/** An access token as Sonar's are: a JWT with an expiry, a new one each time. `mark` can be searched for in its last part. */
export function accessToken(mark: string, expiresAt = 4_000_000_000): string {
  return `${part({ alg: "none" })}.${part({ exp: expiresAt, jti: randomUUID() })}.${mark}`;
}

const EXCHANGE = "/oauth.ExchangeAuthorizationCodeV2";
const REFRESH = "/oauth.RefreshAccessToken";

/** Sonar's token endpoints, answering as the test wants. */
export interface TokenServer {
  origin: string;
  /** The answer to all further requests. */
  answer: Handler;
  /** The bodies of the code exchanges so far. */
  exchanges(): unknown[];
  /** The bodies of the refreshes so far. */
  refreshes(): unknown[];
  /** Forgets the requests so far, and answers with new tokens again. */
  reset(): void;
  close(): Promise<void>;
}

/** A successful answer of a token endpoint. Every token contains "canary", for tests that search for leaks. */
export function tokenAnswer(changes: object = {}): object {
  const refreshToken = `canary-refresh-${accessToken("r").slice(-20)}`;
  return { access_token: accessToken("canary"), refresh_token: refreshToken, expires_in: 3_600, ...changes };
}

/** Answers each request with new tokens. */
export const newTokens: Handler = (_request, response) => answerJson(response, 200, tokenAnswer());

/** Answers with a status and a body that repeats the request, as careless servers do. */
export function withStatus(status: number): Handler {
  return ({ body }, response) => answerJson(response, status, { code: "canary-code", message: `canary ${body}` });
}

/** Answers 200 with something that is not JSON. */
export const notJson: Handler = (_request, response) => void response.writeHead(200).end("<html>canary</html>");

/** Breaks the connection without an answer. */
export const reset: Handler = (_request, response) => void response.destroy();

/** Never answers. */
export const hang: Handler = () => undefined;

function signal(): { given: Promise<void>; give: () => void } {
  let resolve = () => undefined as void;
  const given = new Promise<void>((resolver) => {
    resolve = resolver;
  });
  return { given, give: () => resolve() };
}

/** Holds requests back until told; `arrived` settles with the first of them. */
export function holding(then: Handler): { answer: Handler; arrived: Promise<void>; release: () => void } {
  const arrival = signal();
  const gate = signal();
  const answer: Handler = async (request, response) => {
    arrival.give();
    await gate.given;
    await then(request, response);
  };
  return { answer, arrived: arrival.given, release: gate.give };
}

/** Starts the endpoints on 127.0.0.1. */
export async function startTokenServer(): Promise<TokenServer> {
  const { origin, requests, close } = await startLocalServer((request, response) => server.answer(request, response));
  const bodiesOf = (path: string): unknown[] =>
    requests.filter((request) => request.path === path).map(({ body }) => JSON.parse(body));
  const server: TokenServer = {
    origin,
    answer: newTokens,
    exchanges: () => bodiesOf(EXCHANGE),
    refreshes: () => bodiesOf(REFRESH),
    reset() {
      requests.length = 0;
      server.answer = newTokens;
    },
    close,
  };
  return server;
}

/** An id token with these claims. Its signature is invalid: nobody checks it, as the token comes directly from the token endpoint. */
export function idToken(claims: object): string {
  const iat = Math.floor(Date.now() / 1_000);
  return [part({ alg: "RS256" }), part({ sub: "ada", iat, exp: iat + 600, ...claims }), "c2lnbmF0dXJl"].join(".");
}
