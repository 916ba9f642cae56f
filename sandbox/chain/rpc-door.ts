import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { isOwnHost } from "../http/request";
import { listen } from "../http/service";

/** Who may ask the chain, besides programs and pages of this machine. */
export interface RpcGuests {
  /** Host names that it answers to, with any port. */
  hosts?: readonly string[];
  /** Origins of pages, such as an app behind a developer's tunnel. */
  origins?: readonly string[];
}

interface DoorOptions extends RpcGuests {
  /** 0 takes any free port. */
  port: number;
}

/** An open door. It holds requests back until it knows the node. */
export interface RpcDoor {
  rpcUrl: string;
  leadTo(nodeUrl: string): void;
  close(): Promise<void>;
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

function mayAsk(origin: string, { hosts = [], origins = [] }: RpcGuests): boolean {
  if (origins.includes(origin)) return true;
  const name = URL.canParse(origin) ? new URL(origin).hostname : "";
  return LOOPBACK.has(name) || name.endsWith(".localhost") || hosts.includes(name);
}

interface Refusal {
  status: number;
  text: string;
}

/**
 * The node answers every page of every site, and its methods change the chain, or have the node ask other addresses of this network and
 * quote their answers. A page of another site says its origin; one that has led its own name here (DNS rebinding), that name as the host.
 */
function refusal({ headers }: IncomingMessage, port: number, guests: RpcGuests): Refusal | undefined {
  if (!isOwnHost(headers, port, guests.hosts ?? []))
    return { status: 421, text: "The Host header does not name this chain; SANDBOX_HOSTS lists further names." };
  if (headers.origin !== undefined && !mayAsk(headers.origin, guests))
    return { status: 403, text: "The chain accepts no requests from pages of other sites." };
  return undefined;
}

function corsHeaders({ origin }: IncomingMessage["headers"]): Record<string, string> {
  if (origin === undefined) return { vary: "origin" };
  return {
    vary: "origin",
    "access-control-allow-origin": origin,
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "content-type",
    "access-control-max-age": "600",
  };
}

/** Passes a request on, and the answer back. */
function passOn(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { nodeUrl, agent }: { nodeUrl: string; agent: Agent },
): void {
  const { method, headers } = incoming;
  const { "content-type": type = "application/json", "content-length": length } = headers;
  const passed = httpRequest(nodeUrl, {
    method,
    agent,
    headers: { "content-type": type, ...(length !== undefined && { "content-length": length }) },
  });
  passed.on("response", (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, {
      ...corsHeaders(headers),
      "content-type": answer.headers["content-type"] ?? "application/json",
    });
    answer.on("error", () => outgoing.destroy()).pipe(outgoing);
  });
  passed.on("error", () => outgoing.destroy());
  outgoing.on("close", () => passed.destroy());
  incoming.pipe(passed);
}

/** Opens the door of a chain. Rejects with Node's own error, e.g. code EADDRINUSE. */
export async function openRpcDoor({ port: wanted, ...guests }: DoorOptions): Promise<RpcDoor> {
  const agent = new Agent({ keepAlive: true });
  let leadTo: (url: string) => void = () => undefined;
  const node = new Promise<string>((resolve) => (leadTo = resolve));
  const { server, port } = await listen(wanted, guests.hosts);
  server.on("request", (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const refused = refusal(incoming, port, guests);
    if (refused) return void outgoing.writeHead(refused.status, { "content-type": "text/plain" }).end(refused.text);
    if (incoming.method === "OPTIONS") return void outgoing.writeHead(204, corsHeaders(incoming.headers)).end();
    void node.then((nodeUrl) => passOn(incoming, outgoing, { nodeUrl, agent }));
  });
  return {
    rpcUrl: `http://127.0.0.1:${port}`,
    leadTo,
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}
