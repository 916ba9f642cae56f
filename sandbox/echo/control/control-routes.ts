import { json, nowSo, type Answer } from "../../http/answer";
import { SANDBOX_SALE_UUID } from "../../../lib/config/sandbox";
import type { Echo } from "../echo";
import { PERSONAS } from "../personas/all-personas";
import { invalidField, requireText, optionalBoolean } from "../../http/fields";
import type { JsonObject, SandboxRequest } from "../../http/request";
import { makeCommitment } from "../commitments/commitment-book";
import { saleWindow, toHex, type Hex } from "../permits/permit";
import {
  controlBody,
  addRedirectUris,
  clearRequests,
  listRequests,
  showRequest,
  expireAccessTokens,
  revokeEverything,
  setTokenLifetime,
} from "../../control/controls";
import {
  connectChain,
  showChain,
  mint,
  moveClock,
  setBlocked,
  setNativeBalance,
  setListingDelay,
  setTokenPaused,
} from "./chain";
import type { Route } from "../../http/router";
import {
  setClaimRefund,
  setMaxWallets,
  setPaused,
  setSaleKind,
  setReduceCommitment,
  setStage,
  processRefunds,
  settleSale,
  forceReduce,
  takeDown,
} from "./sale";
import { inspectEntities, inspectPermit } from "./inspector";
import { resetAll, resetSale } from "./reset";
import { describeForApp, listScenarios, redeemTicket, startScenario } from "../../scenarios/scenario-routes";
import { SCENARIO_SECTION } from "../../scenarios/scenario-section";
import { INSPECTOR_SECTION } from "./inspector-section";
import { CHAIN_SECTION } from "./chain-section";
import { controlPanel, type ControlPanel } from "../../control/control-panel";
import { clearFaults, faultEndpoints, listFaults, setFault } from "../../faults/fault-controls";

/** GET /sandbox/health: identifies the sandbox and its client. */
function health(echo: Echo): Answer {
  return json({
    sandbox: "sonar",
    clientId: echo.client.clientId,
    saleUuid: SANDBOX_SALE_UUID,
    redirectUris: echo.client.redirectUris,
    ...(echo.chain.rpcUrl !== undefined && { chainRpcUrl: echo.chain.rpcUrl }),
    tokenLifetimeSeconds: echo.grants.tokenLifetime,
    personas: PERSONAS.map(({ id, name }) => ({ id, name })),
  });
}

/** GET /sandbox/window: the window of most personas, in Unix seconds. A real sale announces it; this needs no chain that answers. */
function showWindow({ anchor }: Echo): Answer {
  return json(saleWindow("open", anchor.time));
}

const FIELDS = ["SaleSpecificEntityID", "Wallet", "Token", "Amount"];

/**
 * POST /sandbox/commitments: records an entity's new total, as Echo does after a bid on the chain. `Amount` is in the payment
 * token's smallest units.
 */
function recordCommitment(echo: Echo, request: SandboxRequest): Answer {
  const body = controlBody(request, FIELDS);
  const amounts = [
    { Wallet: hexField(body, "Wallet", 20), Token: hexField(body, "Token", 20), Amount: amountOf(body) },
  ];
  echo.commitments.record(makeCommitment(hexField(body, "SaleSpecificEntityID", 16), amounts, echo.now()));
  return nowSo("The commitment is listed.");
}

function hexField(body: JsonObject, field: string, bytes: number): Hex {
  const text = requireText(body, field);
  const digits = text.replace(/^0x/, "").replaceAll("-", "");
  if (digits.length !== 2 * bytes || !/^[0-9a-f]+$/i.test(digits))
    throw invalidField(field, `must be ${bytes} bytes of hex`);
  return toHex(digits);
}

function amountOf(body: JsonObject): string {
  const amount = requireText(body, "Amount");
  if (!/^[1-9]\d{0,77}$/.test(amount)) throw invalidField("Amount", "must be a whole number of smallest units");
  return amount;
}

/**
 * POST /sandbox/reset: restores the initial state, of the chain too. Users stay connected unless `{ "grants": true }`. Registered
 * redirect URIs always stay, because an app that is attached to a running sandbox could not connect otherwise.
 */
async function reset(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const withGrants = optionalBoolean(controlBody(request, ["grants"]), "grants") ?? false;
  if (withGrants) echo.grants.revokeEverything();
  await resetAll(echo);
  return nowSo(`Everything is reset${withGrants ? ", and every connection has ended" : "; users stay connected"}.`);
}

/** POST /sandbox/chain/reset: a new chain at wall time, without commitments and with every wallet free. */
async function resetChain(echo: Echo, request: SandboxRequest): Promise<Answer> {
  controlBody(request, []);
  await resetSale(echo);
  return nowSo("The chain is reset: no commitments, every wallet is free, and its clock is right.");
}

type Control = (echo: Echo, request: SandboxRequest) => Answer | Promise<Answer>;

/** A control: method, path below /sandbox/, and handler. */
export type ControlEntry = readonly [method: Route["method"], path: string, handle: Control];

/** The controls of the sale and its chain. */
export const CHAIN_CONTROLS: readonly ControlEntry[] = [
  ["GET", "chain", showChain],
  ["PUT", "chain/rpc-url", connectChain],
  ["PUT", "chain/stage", setStage],
  ["PUT", "chain/paused", setPaused],
  ["PUT", "chain/claim-refund", setClaimRefund],
  ["PUT", "chain/reduce-commitment", setReduceCommitment],
  ["PUT", "chain/max-wallets", setMaxWallets],
  ["POST", "chain/move-clock", moveClock],
  ["POST", "chain/mint", mint],
  ["PUT", "chain/native-balance", setNativeBalance],
  ["PUT", "chain/usdc-paused", setTokenPaused("usdc")],
  ["PUT", "chain/usdt-paused", setTokenPaused("usdt")],
  ["PUT", "chain/blocked", setBlocked],
  ["POST", "chain/force-reduce", forceReduce],
  ["POST", "chain/take-down", takeDown],
  ["POST", "chain/settle", settleSale],
  ["POST", "chain/process-refunds", processRefunds],
  ["POST", "chain/reset", resetChain],
  ["PUT", "listing-delay", setListingDelay],
  ["PUT", "sale-kind", setSaleKind],
];

const SECTIONS = [SCENARIO_SECTION, CHAIN_SECTION, INSPECTOR_SECTION];

function panel({ grants, client, others }: Echo, endpoints: readonly string[]): ControlPanel {
  const { redirectUris } = client;
  return { name: "Echo", tokenLifetime: grants.tokenLifetime, redirectUris, endpoints, others, sections: SECTIONS };
}

const ECHO_CONTROLS: readonly ControlEntry[] = [
  ["GET", "health", health],
  ["GET", "app", describeForApp],
  ["GET", "entities", inspectEntities],
  ["GET", "permit", inspectPermit],
  ["GET", "window", showWindow],
  ["GET", "faults", listFaults],
  ["DELETE", "faults", clearFaults],
  ["PUT", "token-lifetime", setTokenLifetime],
  ["POST", "expire-access-tokens", expireAccessTokens],
  ["POST", "revoke-everything", revokeEverything],
  ["POST", "reset", reset],
  ["GET", "requests", listRequests],
  ["GET", "requests/:number", showRequest],
  ["DELETE", "requests", clearRequests],
  ["PUT", "redirect-uris", addRedirectUris],
  ["POST", "commitments", recordCommitment],
  ["GET", "scenarios", listScenarios],
  ["POST", "scenarios/:name", startScenario],
  ["POST", "scenario-tickets", redeemTicket],
];

/**
 * The controls that the real Echo does not have: they switch faults on, control the sale and its chain, and show the request log.
 * `others` are the routes that faults can be set for.
 */
export function controlRoutes(echo: Echo, others: readonly Route[]): Route[] {
  const endpoints = faultEndpoints(others);
  const setOneFault: ControlEntry = ["PUT", "faults", (_, request) => setFault(echo, request, endpoints)];
  const controls = [...ECHO_CONTROLS, setOneFault, ...CHAIN_CONTROLS].map(([method, path, handle]): Route => {
    return { method, path: `/sandbox/${path}`, area: "control", handle: (request) => handle(echo, request) };
  });
  const show = () => controlPanel(panel(echo, endpoints));
  return [{ method: "GET", path: "/", area: "panel", handle: show }, ...controls];
}
