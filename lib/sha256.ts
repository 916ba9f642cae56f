import "server-only";
import { createHash } from "node:crypto";

/** SHA-256 in base64url: how states and session ids are kept, so that the table's reader cannot use them. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
