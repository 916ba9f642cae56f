import { signOut } from "@/lib/account";
import { formRoute } from "@/lib/http/form-route";
import { success } from "@/lib/result";

/** Handles the "Sign out" button. */
export function POST(request: Request): Promise<Response> {
  return formRoute("sign-out", request, async () => {
    const signedOut = await signOut();
    return signedOut.ok ? success("/") : signedOut;
  });
}
