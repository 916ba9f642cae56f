import { disconnectAccount } from "@/lib/account";
import { getEnv } from "@/lib/config/env";
import { formRoute, safeReturnTo } from "@/lib/http/form-route";
import { furtherProvider } from "@/lib/providers/registry";
import { success, type Result } from "@/lib/result";

/** Handles the "Disconnect" buttons. */
export async function POST(request: Request, { params }: { params: Promise<{ provider: string }> }): Promise<Response> {
  const { provider } = await params;
  const run = async (form: FormData): Promise<Result<string>> => {
    const ended = await disconnectAccount(provider);
    return ended.ok ? success(safeReturnTo(form.get("returnTo"), getEnv().appUrl)) : ended;
  };
  return formRoute("disconnect", request, run, furtherProvider(provider));
}
