import "server-only";
import { requestLog } from "@/lib/log";
import { processGlobal } from "@/lib/process-global";
import { keyIdOf } from "@/lib/seal";

/**
 * Tells the operator that a row is sealed under a key this process does not have. Once for each key, since every request of everybody
 * whose row it is would tell the same; and of the sealed text nothing but the key's id.
 */
export function reportUnknownKey(sealed: string): void {
  const keyId = keyIdOf(sealed);
  const reported = processGlobal("unknown-keys", () => new Set<string | undefined>());
  if (reported.has(keyId)) return;
  reported.add(keyId);
  requestLog("-").error("seal.unknown-key", { keyId });
}
