import { disconnectAccount } from "@/lib/account";
import { getEnv } from "@/lib/env";
import { formRoute } from "@/lib/form-route";
import { safeReturnTo } from "@/lib/oauth/return-to";
import { success } from "@/lib/result";

/** What the "Disconnect" buttons post to. */
export async function POST(request: Request, { params }: { params: Promise<{ provider: string }> }): Promise<Response> {
  const { provider } = await params;
  return formRoute("disconnect", request, async (form) => {
    const ended = await disconnectAccount(provider);
    return ended.ok ? success(safeReturnTo(form.get("returnTo"), getEnv().appUrl)) : ended;
  });
}
