import { readFileSync } from "node:fs";
import { site } from "@/lib/config/site";
import type { Result } from "@/lib/result";
import { entityId } from "@/sandbox/echo/personas/persona";
import type { HttpBrowser } from "@/tests/support/app/http-browser";

interface ActionManifest {
  node: Record<string, { exportedName: string }>;
}

function actionsOfBuild(): [id: string, name: string][] {
  const manifest: ActionManifest = JSON.parse(readFileSync(".next/server/server-reference-manifest.json", "utf8"));
  return Object.entries(manifest.node).map(([id, { exportedName }]) => [id, exportedName]);
}

/** The names of the actions in the production build. */
export function actionNames(): string[] {
  return actionsOfBuild().map(([, name]) => name);
}

/** The id of an action in the production build, by the name of its export. */
export function actionId(name: string): string {
  const found = actionsOfBuild().find(([, exportedName]) => exportedName === name);
  if (!found) throw new Error(`The production build has no action ${name}.`);
  return found[0];
}

/** React's wire format writes a bigint as "$n" and its digits. */
function withBigints(_key: string, value: unknown): unknown {
  return typeof value === "string" && /^\$n-?\d+$/.test(value) ? BigInt(value.slice(2)) : value;
}

/** The rows of React's wire format that hold JSON, by their number. */
function rowsOf(text: string): Map<string, unknown> {
  const rows = text.split("\n").flatMap((line) => {
    const [, id, json] = /^([0-9a-f]+):([[{].*)$/.exec(line) ?? [];
    return id !== undefined && json !== undefined ? [[id, JSON.parse(json, withBigints)] as const] : [];
  });
  return new Map(rows);
}

/** The value an action returned: row 0 refers to it in its field "a", e.g. as "$@1". */
function returnedValue(text: string): unknown {
  const rows = rowsOf(text);
  const root = rows.get("0");
  const reference = typeof root === "object" && root !== null && "a" in root ? root.a : undefined;
  return typeof reference === "string" ? rows.get(reference.replace(/^\$@?/, "")) : reference;
}

/** The part of a browser that sends a request with its cookies. */
export type Sender = Pick<HttpBrowser, "send">;

/** Posts an action call as the browser does, with any body (a stream is sent without its length). Returns the raw answer. */
export function postAction(
  browser: Sender,
  appUrl: string,
  name: string,
  body: string | ReadableStream,
): Promise<Response> {
  const headers = {
    Accept: "text/x-component",
    "Content-Type": "text/plain;charset=UTF-8",
    "Next-Action": actionId(name),
    Origin: new URL(appUrl).origin,
  };
  const init: RequestInit & { duplex: "half" } = { method: "POST", headers, body, duplex: "half" };
  return browser.send(new URL("/", appUrl), init);
}

function isResult<T>(value: unknown): value is Result<T> {
  return typeof value === "object" && value !== null && "ok" in value;
}

/**
 * Calls a server action over HTTP, without the queue in which a tab keeps its calls. Arguments must be plain JSON, results JSON and bigints.
 * Throws when the answer is not a Result, which must never happen.
 */
export async function callAction<T>(
  browser: Sender,
  appUrl: string,
  name: string,
  ...args: unknown[]
): Promise<Result<T>> {
  const response = await postAction(browser, appUrl, name, JSON.stringify(args));
  const text = await response.text();
  const value = returnedValue(text);
  if (!isResult<T>(value)) throw new Error(`${name} answered ${response.status}: ${text.slice(0, 300)}`);
  return value;
}

/** Accepts the site's terms for an entity, if the site has any, as the press of the commitment does before its permit. */
export async function acceptTerms(browser: Sender, appUrl: string, entityID: string): Promise<void> {
  if (!site.consent) return;
  const accepted = await callAction(browser, appUrl, "acceptTerms", { entityID, version: site.consent.version });
  if (!accepted.ok) throw new Error(`The terms were not accepted: ${accepted.error.code}`);
}

/** A wallet, with its checksum. */
export const WALLET = "0x52908400098527886E0F7030069857D2E4169EE7";

/** The actions that need no input. */
export const READS = ["getEntities", "getProfile", "getInvestmentHistory", "getPositions", "getActivity"];

/** The actions with input, and a valid input for each while connected as "ada". */
export const INPUTS: Record<string, Record<string, unknown>> = {
  getEntity: { entityID: entityId("ada") },
  prePurchaseCheck: { entityID: entityId("ada"), walletAddress: WALLET },
  acceptTerms: { entityID: entityId("ada"), version: site.consent?.version ?? "none" },
  generatePurchasePermit: { entityID: entityId("ada"), walletAddress: WALLET },
};
