import { connectAccount } from "@/lib/account";
import { formRoute } from "@/lib/http/form-route";
import { furtherProvider } from "@/lib/providers/registry";
import { success, type Result } from "@/lib/result";

/** In seconds: longer than the provider's time limit (UPSTREAM_TIMEOUT_MS). */
export const maxDuration = 60;

/** Handles the "Connect" buttons and sends the browser to the provider. Only a form of this site can start this, no link. */
export async function POST(request: Request, { params }: { params: Promise<{ provider: string }> }): Promise<Response> {
  const { provider } = await params;
  const run = async (form: FormData): Promise<Result<string>> => {
    const begun = await connectAccount(provider, form.get("returnTo"));
    return begun.ok ? success(begun.data.url) : begun;
  };
  return formRoute("connect", request, run, furtherProvider(provider));
}
