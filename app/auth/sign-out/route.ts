import { signOut, signOutBrowser } from "@/lib/account";
import { formRoute } from "@/lib/http/form-route";
import { success } from "@/lib/result";

/** Handles the "Sign out" buttons: of this browser, of every browser (`everywhere`), or of another one (`browser`). */
export function POST(request: Request): Promise<Response> {
  return formRoute("sign-out", request, async (form) => {
    const browser = form.get("browser");
    if (typeof browser === "string") {
      const ended = await signOutBrowser(browser);
      return ended.ok ? success("/account") : ended;
    }
    const signedOut = await signOut(form.has("everywhere") ? "everywhere" : "here");
    return signedOut.ok ? success("/") : signedOut;
  });
}
