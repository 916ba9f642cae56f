import { getEnv } from "@/lib/config/env";
import { SANDBOX_DEMO_PATH } from "@/lib/config/sandbox";
import { isSameOrigin } from "@/lib/http/form-route";
import { visitorNetworks } from "@/lib/http/visitor-address";
import { publicDemo } from "@/lib/public-demo";

/**
 * The door of a public demo: consent pages, faucet and chain for browsers that cannot reach the sandbox's ports. Without SANDBOX_DEMO=1 there
 * is nothing here. No other site may use a visitor's browser for it.
 */
async function answer(request: Request): Promise<Response> {
  const demo = publicDemo();
  if (!demo) return new Response("There is nothing at this address.\n", { status: 404 });
  if (request.method === "POST" && !isSameOrigin(request.headers, getEnv().appUrl)) {
    return new Response("The request comes from a page of another site.\n", { status: 403 });
  }
  const path = new URL(request.url).pathname.slice(SANDBOX_DEMO_PATH.length);
  return demo.answer({ request, path, networks: visitorNetworks(request.headers, getEnv().trustedProxies) });
}

export const GET = answer;
export const POST = answer;
