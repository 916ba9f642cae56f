import { signIn } from "@/lib/account";
import { getEnv } from "@/lib/config/env";
import { formRoute, safeReturnTo } from "@/lib/http/form-route";
import { success } from "@/lib/result";

/** In seconds: an identity provider's time limit, and that of a database. */
export const maxDuration = 60;

/** Handles the "Sign in" button and the fields of a sign-in page. */
export function POST(request: Request): Promise<Response> {
  return formRoute("sign-in", request, async (form) => {
    const signedIn = await signIn(form);
    if (!signedIn.ok) return signedIn;
    return success(signedIn.data.continueAt ?? safeReturnTo(form.get("returnTo"), getEnv().appUrl));
  });
}
