import { formRoute } from "@/lib/http/form-route";
import { hasScenarios, startScenario } from "@/lib/sandbox-tools";

/** In seconds: the sandbox starts its chain anew. */
export const maxDuration = 60;

/** Handles the scenarios of the strip. Only a form of this site can start one, no link. Where there are none, there is nothing here. */
export async function POST(request: Request, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  if (!hasScenarios()) return new Response("There is nothing at this address.\n", { status: 404 });
  const { name } = await params;
  return formRoute("scenario", request, () => startScenario(name));
}
