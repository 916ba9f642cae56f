import { SANDBOX_CLIENT_UUID, sandboxEchoOrigin, type SandboxToken } from "../../lib/config/sandbox";
import { SANDBOX_TOKENS } from "../chain/chain-facts";
import { FaultBoard } from "../faults/fault";
import { closeServer, listen, requestListener } from "../http/service";
import { RequestLog } from "../http/request-log";
import { apiRoutes } from "./api/endpoints";
import { ChainLink, ChainListing } from "./chain-link";
import { CommitmentBook } from "./commitments/commitment-book";
import { commitmentHistory } from "./commitments/history";
import { controlRoutes } from "./control/control-routes";
import { PurchaseMemory, restoreEcho, type Echo, type EchoDemo } from "./echo";
import { GrantStore } from "../oauth/grant-store";
import { registrationAdvice, RegisteredClient } from "../oauth/registered-client";
import { pageRoutes } from "./pages";
import { saleWindow, type SaleWindow } from "./permits/permit";
import { NextConsent, ScenarioTickets } from "../scenarios/next-consent";
import { SaleAnchor } from "./sale-anchor";

/** Options for Echo. */
export interface EchoOptions {
  /** 0 takes any free port. */
  port: number;
  redirectUris: readonly string[];
  /** The host names that it answers to besides this machine's own; absent: none, and it listens on 127.0.0.1 only. */
  hosts?: readonly string[];
  /** The file that keeps the grants over a restart; absent: they are in memory only. */
  dataFile?: string;
  /** The file that keeps the anchor of the sale's windows over a restart; absent: it is in memory only. */
  anchorFile?: string;
  /** Absent: Echo has no chain until it is told of one. */
  chainRpcUrl?: string;
  /** The token in which the sale's history was paid; absent: USDC. */
  paymentToken?: SandboxToken;
  /** The control panels that Echo's panel links to. */
  others?: readonly { name: string; url: string }[];
  /** Present in a public demo. */
  demo?: EchoDemo;
  /** One more grant ends the oldest one; absent: the usual number. */
  mostGrants?: number;
  /** Unix time in milliseconds. */
  now?: () => number;
}

/** A running Echo. */
export interface RunningEcho {
  origin: string;
  /** The window of most personas' permits, which a real sale would announce. */
  window(): SaleWindow;
  /** For a demo, whose sale starts anew: forgets everything but the grants of visitors who were here within the last hour. */
  startAnew(): void;
  /** Ends every connection, including answers that hang on purpose. */
  close(): Promise<void>;
}

/** Starts Echo's API and pages on 127.0.0.1. Rejects with code EADDRINUSE if the port is taken. */
export async function startEcho(options: EchoOptions): Promise<RunningEcho> {
  const { server, port, hosts } = await listen(options.port, options.hosts);
  const closing = new AbortController();
  const echo = makeEcho(options, sandboxEchoOrigin(port));
  const product = [...apiRoutes(echo), ...pageRoutes(echo)];
  // A demo has no controls at all: what does not exist cannot be reached by any way around the door.
  const routes = echo.demo ? product : [...product, ...controlRoutes(echo, product)];
  server.on(
    "request",
    requestListener({ port, hosts, routes, faults: echo.faults, log: echo.log, closing: closing.signal }),
  );
  echo.anchor.resume(await echo.chain.time());
  const close = () => {
    closing.abort();
    return closeServer(server);
  };
  const window = () => saleWindow("open", echo.anchor.time);
  return { origin: echo.origin, window, startAnew: () => startAnew(echo), close };
}

function startAnew(echo: Echo): void {
  restoreEcho(echo);
  echo.grants.dropIdle();
  echo.anchor.restart();
}

/** More than ten times the visitors that one process serves well. */
const MOST_GRANTS_OF_A_DEMO = 2_000;

function makeEcho(options: EchoOptions, origin: string): Echo {
  const { redirectUris, dataFile, anchorFile, chainRpcUrl, others = [], demo, now = Date.now } = options;
  const mostGrants = options.mostGrants ?? (demo && MOST_GRANTS_OF_A_DEMO);
  const paymentToken = SANDBOX_TOKENS[options.paymentToken ?? "usdc"];
  const chain = new ChainLink(chainRpcUrl, now);
  return {
    origin,
    pagesUrl: demo?.publicUrl ?? origin,
    ...(demo && { demo }),
    now,
    chain,
    paymentToken,
    anchor: new SaleAnchor(now, anchorFile),
    // A demo has no controls.
    client: new RegisteredClient(
      SANDBOX_CLIENT_UUID,
      redirectUris,
      demo ? undefined : registrationAdvice(origin, "SONAR_REDIRECT_URI set to it"),
    ),
    grants: new GrantStore({
      issuer: origin,
      now,
      ...(dataFile !== undefined && { dataFile }),
      ...(mostGrants !== undefined && { mostGrants }),
    }),
    purchases: new PurchaseMemory(),
    nextConsent: new NextConsent(now),
    tickets: new ScenarioTickets(now),
    others,
    faults: new FaultBoard(),
    log: new RequestLog(now),
    listing: new ChainListing(chain, now),
    commitments: new CommitmentBook(commitmentHistory(now(), paymentToken)),
  };
}
