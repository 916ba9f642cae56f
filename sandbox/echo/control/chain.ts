import type { ChainControl } from "../../chain/control";
import { formatEther } from "viem/utils";
import { ApiError, json, nowSo, type Answer } from "../../http/answer";
import type { Echo } from "../echo";
import { SANDBOX_TOKENS } from "../../chain/chain-facts";
import { SANDBOX_SALE, type SandboxToken } from "../../../lib/config/sandbox";
import type { SaleFacts } from "../../chain/sale-reader";
import type { IssuerFacts } from "../../chain/token-issuer";
import { accountLabel } from "../personas/accounts";
import { saleWindow, toHex, type Hex } from "../permits/permit";
import type { SaleKind } from "../sale-anchor";
import { invalidField, requireBoolean, requireInteger, requireText } from "../../http/fields";
import type { JsonObject, SandboxRequest } from "../../http/request";
import { controlBody } from "../../control/controls";

/**
 * Runs an action on the sale's chain. Throws ApiError 503 without a chain that answers, 400 with the contract's own reason if it
 * reverts.
 */
export async function onChain<T>(
  { chain }: Echo,
  act: (control: ChainControl, rpcUrl: string) => Promise<T>,
): Promise<T> {
  const control = await chain.control();
  if (!control || chain.rpcUrl === undefined) throw new ApiError("unavailable", "this sandbox has no chain");
  try {
    return await act(control, chain.rpcUrl);
  } catch (error) {
    throw await apiErrorOf(error);
  }
}

async function apiErrorOf(error: unknown): Promise<unknown> {
  if (error instanceof ApiError) return error;
  const { isUnreachable, chainErrorText } = await import("../../chain/control");
  if (isUnreachable(error)) return new ApiError("unavailable", "the chain is not responding");
  return new ApiError("failed_precondition", chainErrorText(error));
}

/** The answer of GET /sandbox/chain. Times are in Unix seconds, amounts are decimal strings in smallest units. */
export interface ChainState extends Omit<SaleFacts, "totalCommitted" | "totalAccepted" | "totalRefunded">, IssuerFacts {
  rpcUrl: string;
  chainId: number;
  sale: string;
  tokens: { usdc: string; usdt: string };
  /** Those that the sale accepts, in its order. */
  paymentTokens: readonly SandboxToken[];
  totalCommitted: string;
  totalAccepted: string;
  totalRefunded: string;
  /** The lead of the chain's clock over the wall clock, in seconds; slightly below 0 while no block is mined. */
  ahead: number;
  kind: SaleKind;
  /** The window of most personas. */
  window: { opensAt: number; closesAt: number };
  /** The window of those who may commit later than others. */
  laterWindow: { opensAt: number; closesAt: number };
  /** In seconds. */
  listingDelay: number;
}

/** GET /sandbox/chain. Throws ApiError 503 without a chain that answers. */
export async function showChain(echo: Echo): Promise<Answer> {
  const read = async (control: ChainControl, rpcUrl: string) => ({
    paymentTokens: await control.paymentTokens(),
    facts: await control.reader.facts(),
    issuers: await control.issuer.facts(),
    chainId: await control.chainId(),
    rpcUrl,
  });
  const { facts, issuers, paymentTokens, chainId, rpcUrl } = await echo.chain.read(() => onChain(echo, read));
  const state: ChainState = {
    rpcUrl,
    chainId,
    sale: SANDBOX_SALE,
    tokens: SANDBOX_TOKENS,
    paymentTokens,
    ...facts,
    ...issuers,
    totalCommitted: facts.totalCommitted.toString(),
    totalAccepted: facts.totalAccepted.toString(),
    totalRefunded: facts.totalRefunded.toString(),
    ahead: facts.time - Math.floor(echo.now() / 1000),
    kind: echo.anchor.kind,
    window: saleWindow("open", echo.anchor.time),
    laterWindow: saleWindow("not-yet-open", echo.anchor.time),
    listingDelay: echo.listing.delay,
  };
  return json(state);
}

/** Ten years in seconds, so that every time fits into the sale's uint32 timestamps. */
const LONGEST_MOVE = 10 * 365 * 24 * 60 * 60;

/** POST /sandbox/chain/move-clock `{ seconds }`: forward only, like blocks. No token expires because of it. */
export async function moveClock(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const seconds = requireInteger(controlBody(request, ["seconds"]), "seconds", 1, LONGEST_MOVE);
  const time = await onChain(echo, async (control) => {
    await control.moveClock(seconds);
    return control.time();
  });
  return nowSo(`The chain's clock is at ${new Date(time * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC.`, {
    time,
  });
}

/** POST /sandbox/chain/mint `{ token, wallet, amount }`: "usdc" or "usdt", in smallest units. */
export async function mint(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const { token, wallet, amount } = tokenAmount(controlBody(request, ["token", "wallet", "amount"]));
  await onChain(echo, (control) => control.mint(token, wallet, amount));
  return nowSo(`The tokens are in wallet ${accountLabel(wallet)}.`);
}

/** The fields `token`, `wallet` and `amount` of a control's body. */
export function tokenAmount(body: JsonObject): { token: Hex; wallet: Hex; amount: bigint } {
  return {
    token: SANDBOX_TOKENS[tokenField(body)],
    wallet: walletField(body),
    amount: wholeField(body, "amount"),
  };
}

/** PUT /sandbox/chain/native-balance `{ wallet, wei }`: a wallet's balance for gas. */
export async function setNativeBalance(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const body = controlBody(request, ["wallet", "wei"]);
  const [wallet, wei] = [walletField(body), wholeField(body, "wei")];
  await onChain(echo, (control) => control.setNativeBalance(wallet, wei));
  return nowSo(`Wallet ${accountLabel(wallet)} has ${formatEther(wei)} ETH for network fees.`);
}

/** PUT /sandbox/chain/usdc-paused, PUT /sandbox/chain/usdt-paused `{ paused }`: the issuer pauses its token. */
export function setTokenPaused(token: SandboxToken) {
  return async (echo: Echo, request: SandboxRequest): Promise<Answer> => {
    const paused = requireBoolean(controlBody(request, ["paused"]), "paused");
    await onChain(echo, ({ issuer }) => issuer.setPaused(token, paused));
    return nowSo(`${token.toUpperCase()} is ${paused ? "" : "not "}paused by its issuer.`);
  };
}

/** PUT /sandbox/chain/blocked `{ token, wallet, blocked }`: a token's issuer blocks a wallet. */
export async function setBlocked(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const body = controlBody(request, ["token", "wallet", "blocked"]);
  const [token, wallet, blocked] = [tokenField(body), walletField(body), requireBoolean(body, "blocked")];
  await onChain(echo, ({ issuer }) => issuer.setBlocked(token, wallet, blocked));
  return nowSo(
    `The issuer of ${token.toUpperCase()} ${blocked ? "blocks" : "does not block"} wallet ${accountLabel(wallet)}.`,
  );
}

function tokenField(body: JsonObject): SandboxToken {
  const token = requireText(body, "token");
  if (token === "usdc" || token === "usdt") return token;
  throw invalidField("token", "must be usdc or usdt");
}

/** The field `wallet` of a control's body. */
export function walletField(body: JsonObject): Hex {
  const wallet = requireText(body, "wallet");
  if (!/^0x[0-9a-f]{40}$/i.test(wallet)) throw invalidField("wallet", "must be 0x and 40 hex digits");
  return toHex(wallet);
}

/** At most 30 digits, so that no uint256 overflows. */
function wholeField(body: JsonObject, field: string): bigint {
  const digits = requireText(body, field);
  if (!/^\d{1,30}$/.test(digits)) throw invalidField(field, "must be a whole number of smallest units");
  return BigInt(digits);
}

/** PUT /sandbox/chain/rpc-url `{ rpcUrl }`: names the sale's chain to an Echo without one; answers with the one in use. */
export function connectChain(echo: Echo, request: SandboxRequest): Answer {
  const rpcUrl = requireText(controlBody(request, ["rpcUrl"]), "rpcUrl");
  if (!URL.canParse(rpcUrl) || !/^https?:/i.test(rpcUrl)) throw invalidField("rpcUrl", "must be an http or https URL");
  echo.chain.connect(rpcUrl);
  return json({ rpcUrl: echo.chain.rpcUrl });
}

const LONGEST_DELAY = 24 * 60 * 60;

/** PUT /sandbox/listing-delay `{ seconds }`: the delay of the listed commitments; 0: none. */
export function setListingDelay(echo: Echo, request: SandboxRequest): Answer {
  const seconds = requireInteger(controlBody(request, ["seconds"]), "seconds", 0, LONGEST_DELAY);
  echo.listing.delay = seconds;
  return nowSo(`New commitments are listed at most ${seconds} seconds late.`, { seconds });
}
