import { sendOn } from "@/lib/http/form-route";
import { guarded } from "@/lib/http/guarded";
import { hasScenarios, openTicket } from "@/lib/sandbox-tools";

/**
 * Opens a scenario of the sandbox. A link leads here, so that its ticket, which the sandbox gives to its controls only, is what keeps other
 * sites from signing anybody in. Where there are no scenarios, there is nothing here.
 */
export async function GET(request: Request): Promise<Response> {
  if (!hasScenarios()) return new Response("There is nothing at this address.\n", { status: 404 });
  const ticket = new URL(request.url).searchParams.get("ticket") ?? "";
  const result = await guarded("scenario", () => openTicket(ticket));
  return sendOn(result);
}

/** Next would run GET for HEAD, so that a link checker or preview would use up the ticket. */
export function HEAD(): Response {
  return new Response(null, { status: 405, headers: { Allow: "GET" } });
}
