import { SANDBOX_TOKENS } from "../../chain/chain-facts";
import { noContent } from "../../http/answer";
import type { Answer } from "../../http/answer";
import { invalidField, requireInteger, requireText } from "../../http/fields";
import type { JsonObject } from "../../http/json-body";
import type { SandboxRequest } from "../../http/sandbox-request";
import type { Echo } from "../echo";
import { toHex } from "../permits/permit";
import type { Hex } from "../permits/permit";
import { controlBody } from "../../control/control-body";
import { onChain } from "./on-chain";

/** Seconds; ten years, so that no time leaves what a sale's uint32 timestamps hold. */
const LONGEST_MOVE = 10 * 365 * 24 * 60 * 60;

/** POST /sandbox/chain/move-clock `{ seconds }`: ahead only, as blocks go. No token expires by it. */
export async function moveClock(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const seconds = requireInteger(controlBody(request, ["seconds"]), "seconds", 1, LONGEST_MOVE);
  await onChain(echo, (control) => control.moveClock(seconds));
  return noContent();
}

/** POST /sandbox/chain/mint `{ token, wallet, amount }`: "usdc" or "usdt", in smallest units. */
export async function mint(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const body = controlBody(request, ["token", "wallet", "amount"]);
  const { token, wallet, amount } = {
    token: tokenField(body),
    wallet: walletField(body),
    amount: wholeField(body, "amount"),
  };
  await onChain(echo, (control) => control.mint(token, wallet, amount));
  return noContent();
}

/** PUT /sandbox/chain/native-balance `{ wallet, wei }`: what a wallet has to pay for gas. */
export async function setNativeBalance(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const body = controlBody(request, ["wallet", "wei"]);
  const [wallet, wei] = [walletField(body), wholeField(body, "wei")];
  await onChain(echo, (control) => control.setNativeBalance(wallet, wei));
  return noContent();
}

function tokenField(body: JsonObject): Hex {
  const token = requireText(body, "token");
  if (token === "usdc" || token === "usdt") return SANDBOX_TOKENS[token];
  throw invalidField("token", "must be usdc or usdt");
}

function walletField(body: JsonObject): Hex {
  const wallet = requireText(body, "wallet");
  if (!/^0x[0-9a-f]{40}$/i.test(wallet)) throw invalidField("wallet", "must be 0x and 40 hex digits");
  return toHex(wallet);
}

/** Up to 30 digits: nothing of a uint256 overflows by it. */
function wholeField(body: JsonObject, field: string): bigint {
  const digits = requireText(body, field);
  if (!/^\d{1,30}$/.test(digits)) throw invalidField(field, "must be a whole number of smallest units");
  return BigInt(digits);
}
