import { signIn } from "@/lib/account";
import { formRoute } from "@/lib/form-route";
import { success } from "@/lib/result";

/** What the "Sign in" button posts to. */
export function POST(request: Request): Promise<Response> {
  return formRoute("sign-in", request, async () => {
    await signIn();
    return success("/");
  });
}
