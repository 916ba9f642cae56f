import { signIn } from "@/lib/account";
import { getEnv } from "@/lib/env";
import { formRoute } from "@/lib/form-route";
import { safeReturnTo } from "@/lib/oauth/return-to";
import { success } from "@/lib/result";

/** What the "Sign in" button posts to. */
export function POST(request: Request): Promise<Response> {
  return formRoute("sign-in", request, async (form) => {
    const signedIn = await signIn(form);
    if (!signedIn.ok) return signedIn;
    return success(safeReturnTo(form.get("returnTo"), getEnv().appUrl));
  });
}
