import { signIn, signInAndConnect } from "@/lib/account";
import { getEnv } from "@/lib/config/env";
import { formRoute, safeReturnTo } from "@/lib/http/form-route";
import { success } from "@/lib/result";
import { CONNECT_FIELD } from "@/lib/journey/journey-step";

/** In seconds: the time limit of an identity provider or of Sonar, and that of a database. */
export const maxDuration = 60;

/** Handles the "Sign in" button, "Sign in and connect Sonar", and the fields of a sign-in page. */
export function POST(request: Request): Promise<Response> {
  return formRoute("sign-in", request, async (form) => {
    const signedIn = await (form.has(CONNECT_FIELD) ? signInAndConnect(form) : signIn(form));
    if (!signedIn.ok) return signedIn;
    return success(signedIn.data.continueAt ?? safeReturnTo(form.get("returnTo"), getEnv().appUrl));
  });
}
