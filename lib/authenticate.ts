import "server-only";
import { randomUUID } from "node:crypto";

/**
 * Who is signing in? The one function to replace with a fork's own users: check a password, a passkey, a wallet signature or an
 * identity provider here, and return that user's id (it must never change for a person, and need not be secret).
 * This app has no users of its own, so everybody who signs in is a new demo user.
 */
export function authenticate(): Promise<string> {
  return Promise.resolve(`demo-${randomUUID()}`);
}
