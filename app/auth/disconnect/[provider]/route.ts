import { disconnectAccount } from "@/lib/account";
import { getEnv } from "@/lib/env";
import { formRoute } from "@/lib/form-route";
import { safeReturnTo } from "@/lib/oauth/return-to";
import { beyondSonar } from "@/lib/providers/beyond-sonar";
import { success, type Result } from "@/lib/result";

/** What the "Disconnect" buttons post to. */
export async function POST(request: Request, { params }: { params: Promise<{ provider: string }> }): Promise<Response> {
  const { provider } = await params;
  const run = async (form: FormData): Promise<Result<string>> => {
    const ended = await disconnectAccount(provider);
    return ended.ok ? success(safeReturnTo(form.get("returnTo"), getEnv().appUrl)) : ended;
  };
  return formRoute("disconnect", request, run, beyondSonar(provider));
}
