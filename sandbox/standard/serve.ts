import { closeServer, listen, requestListener, type Listening } from "../http/service";
import type { Route } from "../http/router";
import { decideConsent, showConsent } from "./authorize";
import { controlRoutes } from "./control-routes";
import { makeProvider, type Provider, type ProviderOptions, type ProviderSpec } from "./provider";
import { tokenEndpoint } from "./token-endpoint";

/** A running provider. */
export interface RunningProvider {
  origin: string;
  /** The origin of the pages; absent: the same. */
  pagesOrigin?: string;
  /** Ends every connection, including answers that hang on purpose. */
  close(): Promise<void>;
}

/** The service that the sandbox starts for one of the app's further providers. */
export interface StandIn {
  name: string;
  /** Rejects with code EADDRINUSE if a port is taken. */
  start(options: ProviderOptions): Promise<RunningProvider>;
}

/** The routes of the consent page. */
export function consentRoutes(provider: Provider, path: string): Route[] {
  return [
    { method: "GET", path, area: "page", handle: (request) => showConsent(provider, request) },
    { method: "POST", path, area: "page", handle: (request) => decideConsent(provider, request) },
  ];
}

/** Makes a server answer for a provider. Returns the function that stops it. */
export function serve(
  { server, port, hosts }: Listening,
  { faults, log, spec }: Provider,
  routes: readonly Route[],
): () => Promise<void> {
  const closing = new AbortController();
  const { errorBody } = spec;
  server.on("request", requestListener({ port, hosts, routes, faults, log, errorBody, closing: closing.signal }));
  return () => {
    closing.abort();
    return closeServer(server);
  };
}

/** Starts a provider with everything on one origin. Rejects with code EADDRINUSE if the port is taken. */
export async function startProvider(
  spec: ProviderSpec,
  options: ProviderOptions,
  apiRoutes: (provider: Provider, origin: string) => readonly Route[],
): Promise<RunningProvider> {
  const listening = await listen(options.port, options.hosts);
  const origin = `http://127.0.0.1:${listening.port}`;
  const provider = makeProvider(spec, options, { origin });
  const product: Route[] = [
    ...consentRoutes(provider, spec.authorizePath),
    { method: "POST", path: "/oauth/token", area: "api", handle: (request) => tokenEndpoint(provider, request) },
    ...apiRoutes(provider, origin),
  ];
  const close = serve(listening, provider, [...product, ...controlRoutes(provider, product)]);
  return { origin, close };
}
