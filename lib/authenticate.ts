import "server-only";
import { getEnv } from "@/lib/config/env";
import { beginLogin } from "@/lib/oauth/login";
import { success, type Result } from "@/lib/result";
import { demoUser, type SignIn } from "@/lib/session";

/**
 * True if signing in asks the user for nothing: the page then offers it together with connecting Sonar, as one press. A fork whose sign-in has
 * fields or continues elsewhere returns false.
 */
export function signsInAtOnce(): boolean {
  return getEnv().login === undefined;
}

/**
 * Identifies the user who signs in. A fork replaces this function with its own users: check a password, a passkey or a wallet signature here,
 * from the fields of the sign-in form, and return the user. Where signing in continues elsewhere, return that address instead. Refuse a user
 * with `fail("session/refused")`. docs/recipes.md has two whole examples.
 * With LOGIN_ISSUER and its client set, everybody signs in there. Without, this app has no users of its own: everybody who signs in becomes
 * a new demo user.
 */
export async function authenticate(form: FormData): Promise<Result<SignIn>> {
  return getEnv().login ? beginLogin(form.get("returnTo")) : success({ user: demoUser() });
}
