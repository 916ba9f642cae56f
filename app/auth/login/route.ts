import { formRoute } from "@/lib/http/form-route";
import { beginLogin } from "@/lib/oauth/login";
import { success } from "@/lib/result";

/** In seconds: longer than the identity provider's time limit (UPSTREAM_TIMEOUT_MS). */
export const maxDuration = 60;

/**
 * Begins signing in at the identity provider, whatever `lib/authenticate.ts` does: for a second button beside a fork's own sign-in. Only a
 * form of this site can start this, no link.
 */
export function POST(request: Request): Promise<Response> {
  return formRoute("login", request, async (form) => {
    const begun = await beginLogin(form.get("returnTo"));
    return begun.ok ? success(begun.data.continueAt) : begun;
  });
}
