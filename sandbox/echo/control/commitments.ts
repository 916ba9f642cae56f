import { noContent } from "../../http/answer";
import type { Answer } from "../../http/answer";
import { invalidField, requireText } from "../../http/fields";
import type { JsonObject } from "../../http/json-body";
import type { SandboxRequest } from "../../http/sandbox-request";
import { makeCommitment } from "../commitments/commitment";
import type { Echo } from "../echo";
import { toHex } from "../permits/permit";
import type { Hex } from "../permits/permit";
import { controlBody } from "../../control/control-body";

const FIELDS = ["SaleSpecificEntityID", "Wallet", "Token", "Amount"];

/**
 * POST /sandbox/commitments: records an entity's new total, as Echo does when it sees a bid on the chain. `Amount` is
 * in the payment token's smallest units.
 */
export function recordCommitment(echo: Echo, request: SandboxRequest): Answer {
  const body = controlBody(request, FIELDS);
  const amounts = [
    { Wallet: hexField(body, "Wallet", 20), Token: hexField(body, "Token", 20), Amount: amountOf(body) },
  ];
  echo.commitments.record(makeCommitment(hexField(body, "SaleSpecificEntityID", 16), amounts, echo.now()));
  return noContent();
}

function hexField(body: JsonObject, field: string, bytes: number): Hex {
  const text = requireText(body, field);
  const digits = text.replace(/^0x/, "");
  if (digits.length !== 2 * bytes || !/^[0-9a-f]+$/i.test(digits))
    throw invalidField(field, `must be ${bytes} bytes of hex`);
  return toHex(digits);
}

function amountOf(body: JsonObject): string {
  const amount = requireText(body, "Amount");
  if (!/^[1-9]\d{0,77}$/.test(amount)) throw invalidField("Amount", "must be a whole number of smallest units");
  return amount;
}
