import { request } from "node:http";
import { startLocalServer } from "@/tests/support/local-server";

/** One address for several instances of the app, as production has it. The Host header stays as the browser sent it. */
export interface LoadBalancer {
  /** On localhost, where the app's cookies are. */
  url: string;
  /** Sends requests to these origins, in turn. */
  sendTo(...origins: string[]): void;
  close(): Promise<void>;
}

/** Starts a load balancer that has no targets yet. */
export async function startLoadBalancer(): Promise<LoadBalancer> {
  let targets: readonly string[] = [];
  let count = 0;
  const server = await startLocalServer(({ method, path, headers, body }, response) => {
    const target = targets[count % targets.length] ?? "";
    count += 1;
    // A connection for each: one that is kept may be closed by the app in the moment in which it is used again.
    const once = { method, headers: { ...headers, connection: "close" }, agent: false };
    const forwarded = request(target + path, once, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.once("error", () => response.destroy()).end(body);
  });
  const url = `http://localhost:${new URL(server.origin).port}`;
  const sendTo = (...origins: string[]) => void (targets = origins);
  return { url, sendTo, close: () => server.close() };
}
