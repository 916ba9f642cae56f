import "server-only";
import { randomUUID } from "node:crypto";
import { success, type Result } from "@/lib/result";

/**
 * Who is signing in? The one function to replace with a fork's own users: check a password, a passkey, a wallet signature or an
 * identity provider here, from what the sign-in form has sent, and return that user's id (it must never change for a person, and need not be
 * secret). Whoever is not let in is told by a failure: `fail("session/refused")`.
 * This app has no users of its own, so everybody who signs in is a new demo user.
 */
export function authenticate(_form: FormData): Promise<Result<string>> {
  return Promise.resolve(success(`demo-${randomUUID()}`));
}
