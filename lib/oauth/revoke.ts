import "server-only";
import { deadlineIn } from "@/lib/upstream/deadline";
import type { Engine } from "@/lib/oauth/engine";
import type { Provider, TokenSet } from "@/lib/oauth/provider";

/**
 * Tells the provider that tokens are no longer wanted (RFC 7009), where it has a way to be told. Best effort: they are gone
 * from the store already, and a provider that does not answer holds nobody up.
 */
export function revokeLater(engine: Engine, provider: Provider, tokens: TokenSet): void {
  const revoked = provider.oauth.revoke?.(tokens, deadlineIn(engine.timeoutMs));
  if (revoked) engine.keepAlive(revoked.catch(() => undefined));
}
