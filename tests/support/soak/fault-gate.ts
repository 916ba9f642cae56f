import { once } from "node:events";
import { Agent, createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { ECHO } from "@/tests/support/app/upstream-gate";
import { withMarker } from "@/tests/support/soak/marker";
import type { UpstreamFault, UpstreamFaults } from "@/tests/support/soak/upstream-faults";
import type { Attempt, Family, IssuedTokens, UpstreamRecord } from "@/tests/support/soak/upstream-record";

/** The instance that a gate is for, and what all gates share. */
export interface GateOptions {
  /** The name of the only instance that uses this gate: the record tells who sent what. */
  instance: string;
  /** The sandbox's origin. */
  target: string;
  record: UpstreamRecord;
  faults: UpstreamFaults;
}

/** Between one instance and the upstream. */
export interface FaultGate {
  origin: string;
  /** The most bytes of a body of 400 MB that were taken from this gate. */
  largestRead(): number;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  body: string;
}

/** One request at the gate, with what the record knows of it. */
interface Passage {
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
  response: ServerResponse;
  family?: Family;
  /** Of a refresh. */
  refreshToken?: string;
  attempt?: Attempt;
}

const HUGE_BYTES = 400 * 2 ** 20;
const CHUNK = Buffer.alloc(64 * 1024, 0x20);

const agent = new Agent({ keepAlive: true, maxSockets: 100 });

function forward({ path, headers, body }: Passage, target: string): Promise<Answer> {
  const { host: _host, connection: _connection, ...given } = headers;
  return new Promise((resolve, reject) => {
    ask(target + path, { method: "POST", headers: given, agent }, (answer) => {
      text(answer).then((read) => resolve({ status: answer.statusCode ?? 502, body: read }), reject);
    })
      .once("error", reject)
      .end(body);
  });
}

function send(response: ServerResponse, { status, body }: Answer, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(body);
}

/** As much of the body as the client takes. Returns the number of bytes. */
async function sendHuge(response: ServerResponse): Promise<number> {
  response.writeHead(200, { "Content-Type": "application/json" });
  const left = once(response, "close");
  let sent = 0;
  while (sent < HUGE_BYTES && !response.destroyed) {
    sent += CHUNK.byteLength;
    if (!response.write(CHUNK)) await Promise.race([once(response, "drain").catch(() => undefined), left]);
  }
  response.end();
  return sent;
}

function isTokens(value: unknown): value is IssuedTokens {
  return typeof value === "object" && value !== null && "access_token" in value && "refresh_token" in value;
}

function fieldOf(body: string, name: string): string {
  const match = new RegExp(`"${name}":"([^"]*)"`).exec(body);
  return match?.[1] ?? "";
}

/** Enters the outcome of a token request that the upstream has carried out. */
function record({ record: known }: GateOptions, passage: Passage, { status, body }: Answer): void {
  const tokens: unknown = status === 200 ? JSON.parse(body) : undefined;
  if (passage.path === ECHO.exchange && isTokens(tokens)) known.exchanged(fieldOf(passage.body, "code"), tokens);
  const { attempt, refreshToken } = passage;
  if (!attempt || refreshToken === undefined) return;
  if (isTokens(tokens)) known.rotated(refreshToken, attempt, tokens);
  else known.refused(refreshToken, attempt, body);
}

const REFUSAL = JSON.stringify({ code: "unauthenticated", message: "withdrawn", details: { error: "invalid_grant" } });

class Gate {
  largestRead = 0;

  constructor(private readonly options: GateOptions) {}

  async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path = "", headers } = incoming;
    const passage = this.identify({ path, headers, body: await text(incoming), response });
    const isTokenEndpoint = path === ECHO.refresh || path === ECHO.exchange;
    const user = passage.family?.user;
    const fault = this.options.faults.take({ isTokenEndpoint, ...(user !== undefined && { user }) });
    const { attempt, family } = passage;
    response.once("close", () => {
      if (attempt && !response.writableFinished) attempt.answer ??= "unheard";
    });
    if (fault && fault.kind !== "slow" && fault.kind !== "lost answer") {
      if (attempt) attempt.outcome = "not-carried-out";
      return this.failInstead(fault, passage);
    }
    if (fault?.kind === "slow") await sleep(fault.before);
    // Nobody waits for it any more, and a request that was not sent on is not carried out.
    if (family?.end?.reason === "withdrawn") {
      if (attempt) Object.assign(attempt, { outcome: "refused", answer: "sent" });
      return send(response, { status: 401, body: REFUSAL });
    }
    const answer = await forward(passage, this.options.target);
    if (isTokenEndpoint) record(this.options, passage, answer);
    if (fault?.kind === "lost answer") {
      if (attempt) attempt.answer = "lost-on-purpose";
      return this.lose(fault.form, answer, response);
    }
    if (fault?.kind === "slow") await sleep(fault.after);
    this.deliver(passage, answer);
  }

  private identify(passage: Passage): Passage {
    const { record: known, instance } = this.options;
    if (passage.path === ECHO.refresh) {
      const refreshToken = fieldOf(passage.body, "refresh_token");
      const family = known.ofRefreshToken(refreshToken);
      return { ...passage, refreshToken, attempt: known.presented(refreshToken, instance), ...(family && { family }) };
    }
    const family = known.ofAccessToken(/^api:Bearer (\S+)$/.exec(passage.headers.authorization ?? "")?.[1] ?? "");
    return { ...passage, ...(family && { family }) };
  }

  private deliver({ attempt, family, path, response }: Passage, answer: Answer): void {
    if (attempt) response.once("finish", () => (attempt.answer ??= "sent"));
    const isPersonal = family !== undefined && answer.status === 200 && path.startsWith("/externalapi.");
    send(response, isPersonal ? { ...answer, body: withMarker(answer.body, family.user) } : answer);
  }

  private async failInstead(
    fault: Exclude<UpstreamFault, { kind: "slow" | "lost answer" }>,
    { response, family }: Passage,
  ): Promise<void> {
    switch (fault.kind) {
      case "hang":
        return;
      case "cut":
        return void response.destroy();
      case "internal error":
        return send(response, { status: 500, body: '{"code":"internal","message":"fault"}' });
      case "too many requests":
        return send(response, { status: 429, body: '{"code":"resource_exhausted"}' }, { "Retry-After": "2" });
      case "garbage":
        return send(response, { status: 200, body: '{"Entities":[{"Label":"A' });
      case "401 once":
        family?.unauthorized.push(Date.now());
        return send(response, { status: 401, body: '{"code":"unauthenticated","message":"fault"}' });
      case "400 MB":
        return this.huge(response);
    }
  }

  private async lose(
    form: Extract<UpstreamFault, { kind: "lost answer" }>["form"],
    { body }: Answer,
    response: ServerResponse,
  ): Promise<void> {
    switch (form) {
      case "hang":
        return;
      case "cut":
        return void response.destroy();
      case "gateway":
        return send(response, { status: 504, body: "<h1>504</h1>" });
      case "garbage":
        return send(response, { status: 200, body: '{"access_token":"ey' });
      case "half":
        response.writeHead(200, { "Content-Length": body.length }).write(body.slice(0, body.length / 2));
        await sleep(50);
        return void response.destroy();
      case "400 MB":
        return this.huge(response);
    }
  }

  private async huge(response: ServerResponse): Promise<void> {
    this.largestRead = Math.max(this.largestRead, await sendHuge(response));
  }
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The gate has no port");
  return `http://127.0.0.1:${address.port}`;
}

/** Opens the gate of one instance. */
export async function openFaultGate(options: GateOptions): Promise<FaultGate> {
  const gate = new Gate(options);
  // A process that is killed leaves half a request.
  const server = createServer((incoming, response) => {
    gate.handle(incoming, response).catch(() => response.destroy());
  });
  const origin = await listen(server);
  const close = async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { origin, largestRead: () => gate.largestRead, close };
}
