import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";

/** One address for all instances, as production has it. It repeats nothing. */
export interface Balancer {
  /** On localhost, where the app's cookies are. */
  url: string;
  close(): Promise<void>;
}

function pass(target: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, url = "", headers } = incoming;
  // Each request has its own connection: the app may close a kept one at the moment of its next use.
  const options = { method, headers: { ...headers, connection: "close" }, agent: false };
  const forwarded = request(target + url, options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    // Half an answer must not look like a whole one.
    answer.once("aborted", () => response.destroy()).pipe(response);
  });
  forwarded.once("error", () => response.destroy());
  response.once("close", () => forwarded.destroy());
  incoming.pipe(forwarded);
}

/** Starts a balancer that sends requests to the origins of `targets`, in turn; 503 while there are none. */
export async function startBalancer(targets: () => readonly string[]): Promise<Balancer> {
  let count = 0;
  const server = createServer((incoming, response) => {
    const origins = targets();
    const target = origins[count++ % origins.length];
    if (target === undefined) response.writeHead(503, { "Retry-After": "1" }).end();
    else pass(target, incoming, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The balancer has no port");
  const close = async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://localhost:${address.port}`, close };
}
