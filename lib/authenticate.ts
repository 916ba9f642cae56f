import "server-only";
import { randomUUID } from "node:crypto";
import { success, type Result } from "@/lib/result";

/**
 * Identifies the user who signs in. A fork replaces this function with its own users: check a password, a passkey, a wallet signature or an
 * identity provider here, from the fields of the sign-in form, and return the user's id, which must never change for a person and need not
 * be secret. Refuse a user with `fail("session/refused")`.
 * This app has no users of its own, so everybody who signs in becomes a new demo user.
 */
export function authenticate(_form: FormData): Promise<Result<string>> {
  return Promise.resolve(success(`demo-${randomUUID()}`));
}
