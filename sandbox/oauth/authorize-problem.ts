import type { RegisteredClient } from "./registered-client";

/** What the app is told of a request that is not in order: the error's name and a sentence (RFC 6749 section 4.1.2.1). */
export type RequestProblem = readonly [error: string, description: string];

/**
 * Why client and redirect URI are not known to belong together. Such a request must never lead to a redirect: it would send the answer
 * wherever the link's author likes (RFC 6749 section 4.1.2.1).
 */
export function clientProblem(params: URLSearchParams, client: RegisteredClient): string | undefined {
  // A template with line breaks in it gives names such as " redirect_uri", which the URL parser hands on as they are.
  const blank = [...params.keys()].find((name) => /\s/.test(name));
  if (blank !== undefined) return `The parameter name "${blank}" has a blank in it.`;
  const [clientId, ...moreClients] = params.getAll("client_id");
  const [redirectUri, ...moreUris] = params.getAll("redirect_uri");
  if (moreClients.length > 0 || moreUris.length > 0) return "client_id or redirect_uri is given more than once.";
  if (clientId !== client.clientId) return "No app is registered under this client_id.";
  if (redirectUri === undefined) return "redirect_uri is missing.";
  if (!client.hasRedirectUri(redirectUri)) return "This redirect_uri is not registered for the app, to the letter.";
  return undefined;
}

/** What is wrong with the parameters that every provider takes (RFC 6749 sections 3.1 and 4.1.1). */
export function requestProblem(params: URLSearchParams): RequestProblem | undefined {
  const repeated = [...params.keys()].find((key) => params.getAll(key).length > 1);
  if (repeated !== undefined) return ["invalid_request", `${repeated} is given more than once`];
  if (!params.has("response_type")) return ["invalid_request", "response_type is missing"];
  if (params.get("response_type") !== "code") return ["unsupported_response_type", "response_type must be code"];
  return params.get("state") ? undefined : ["invalid_request", "state is missing"];
}

/** Where the answer goes, and the state that goes back with it unchanged; of a repeated one nobody knows which. */
export function answerTarget(params: URLSearchParams): { redirectUri: string; state: string } {
  const [state = "", ...more] = params.getAll("state");
  return { redirectUri: params.get("redirect_uri") ?? "", state: more.length === 0 ? state : "" };
}
