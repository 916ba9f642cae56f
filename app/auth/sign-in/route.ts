import { signIn } from "@/lib/account";
import { getEnv } from "@/lib/config/env";
import { formRoute, safeReturnTo } from "@/lib/http/form-route";
import { success } from "@/lib/result";

/** Handles the "Sign in" button. */
export function POST(request: Request): Promise<Response> {
  return formRoute("sign-in", request, async (form) => {
    const signedIn = await signIn(form);
    if (!signedIn.ok) return signedIn;
    return success(safeReturnTo(form.get("returnTo"), getEnv().appUrl));
  });
}
