import { signInAs } from "@/lib/account";
import { sendOn } from "@/lib/http/form-route";
import { guarded } from "@/lib/http/guarded";
import { completeLogin } from "@/lib/oauth/login";
import { success } from "@/lib/result";

/** In seconds: longer than the identity provider's time limit (UPSTREAM_TIMEOUT_MS). */
export const maxDuration = 60;

/** The callback of the identity provider. It always ends in a redirect to an address without a query. */
export async function GET(request: Request): Promise<Response> {
  const result = await guarded("login.callback", async () => {
    const completed = await completeLogin(new URL(request.url).searchParams);
    if (!completed.ok) return completed;
    const signedIn = await signInAs(completed.data.user, completed.data.browser);
    return signedIn.ok ? success(completed.data.returnTo) : signedIn;
  });
  return sendOn(result);
}

/** Next would run GET for HEAD, so that a link checker or preview would use up the code. */
export function HEAD(): Response {
  return new Response(null, { status: 405, headers: { Allow: "GET" } });
}
