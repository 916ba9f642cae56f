import { once } from "node:events";
import { createServer } from "node:http";
import { WalletKit } from "@reown/walletkit";
import { Core } from "@walletconnect/core";
import { WebSocketServer, type WebSocket } from "ws";
import type { Address } from "viem";
import { deferred } from "@/tests/support/deferred";
import { askNode, type NodeAnswer } from "@/tests/support/browser/injected-wallet";

/** Any id that has the form of one: the relay stand-in checks none. */
export const PROJECT_ID = "0123456789abcdef0123456789abcdef";

interface Parcel {
  topic: string;
  message: string;
}

interface RelayRequest {
  id: number;
  method?: string;
  params?: { [name: string]: unknown };
}

/** A stand-in for WalletConnect's relay on this machine. It keeps each message until a subscriber of its topic has it. */
export interface TestRelay {
  url: string;
  /** The sockets that were opened, by anybody. */
  connections: () => number;
  /** While it hangs, connections stay open and nothing on them is read. */
  setHanging(isHanging: boolean): void;
  close(): Promise<void>;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function topicsOf(params: NonNullable<RelayRequest["params"]>): string[] {
  return Array.isArray(params.topics) ? params.topics.map(textOf) : [textOf(params.topic)];
}

class Relay {
  readonly #subscribers = new Map<string, Set<WebSocket>>();
  readonly #mailbox = new Map<string, Parcel[]>();
  #sent = 0;

  leave(socket: WebSocket): void {
    for (const sockets of this.#subscribers.values()) sockets.delete(socket);
  }

  #push(socket: WebSocket, { topic, message }: Parcel): void {
    const data = { topic, message, publishedAt: Date.now(), tag: 0 };
    const params = { id: topic, data };
    socket.send(
      JSON.stringify({ id: Date.now() * 1000 + (this.#sent += 1), jsonrpc: "2.0", method: "irn_subscription", params }),
    );
  }

  #subscribe(socket: WebSocket, topic: string): string {
    const sockets = this.#subscribers.get(topic) ?? new Set();
    this.#subscribers.set(topic, sockets.add(socket));
    const waiting = this.#mailbox.get(topic) ?? [];
    this.#mailbox.delete(topic);
    // After the answer: a client ignores messages of a topic that it does not know to be subscribed.
    setImmediate(() => waiting.forEach((parcel) => this.#push(socket, parcel)));
    return topic;
  }

  #publish(from: WebSocket, parcel: Parcel): void {
    const others = [...(this.#subscribers.get(parcel.topic) ?? [])].filter((socket) => socket !== from);
    for (const socket of others) this.#push(socket, parcel);
    if (others.length === 0) this.#mailbox.set(parcel.topic, [...(this.#mailbox.get(parcel.topic) ?? []), parcel]);
  }

  answer(socket: WebSocket, { method = "", params = {} }: RelayRequest): unknown {
    const [topic = ""] = topicsOf(params);
    switch (method) {
      case "irn_subscribe":
        return this.#subscribe(socket, topic);
      case "irn_batchSubscribe":
        return topicsOf(params).map((one) => this.#subscribe(socket, one));
      case "irn_unsubscribe":
        return this.#subscribers.get(topic)?.delete(socket) ?? true;
      case "irn_fetchMessages":
      case "irn_batchFetchMessages":
        return { messages: [], hasMore: false };
      case "irn_publish":
        this.#publish(socket, { topic, message: textOf(params.message) });
        return true;
      case "wc_proposeSession": {
        const pairing = textOf(params.pairingTopic);
        this.#subscribe(socket, pairing);
        this.#publish(socket, { topic: pairing, message: textOf(params.sessionProposal) });
        return true;
      }
      case "wc_approveSession": {
        const session = textOf(params.sessionTopic);
        this.#subscribe(socket, session);
        this.#publish(socket, { topic: textOf(params.pairingTopic), message: textOf(params.sessionProposalResponse) });
        this.#publish(socket, { topic: session, message: textOf(params.sessionSettlementRequest) });
        return true;
      }
      default:
        throw new Error(`The relay stand-in has no ${method}`);
    }
  }
}

/** Starts a relay that everybody may use. */
export async function startRelay(): Promise<TestRelay> {
  const relay = new Relay();
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  let opened = 0;
  let hangs = false;
  sockets.on("connection", (socket) => {
    opened += 1;
    socket.on("close", () => relay.leave(socket));
    socket.on("message", (data) => {
      if (hangs) return;
      const asked: RelayRequest = JSON.parse(String(data));
      // Everything else acknowledges a message.
      if (asked.method === undefined) return;
      socket.send(JSON.stringify({ id: asked.id, jsonrpc: "2.0", result: relay.answer(socket, asked) }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The relay has no port");
  const close = async () => {
    for (const client of sockets.clients) client.terminate();
    const closed = once(server, "close");
    server.close();
    await closed;
  };
  return {
    url: `ws://127.0.0.1:${address.port}`,
    connections: () => opened,
    setHanging: (isHanging) => void (hangs = isHanging),
    close,
  };
}

type Kit = Awaited<ReturnType<typeof WalletKit.init>>;

/** The chains and accounts that a wallet shares. */
export interface RelayedAccounts {
  chainIds: readonly number[];
  accounts: readonly Address[];
}

/** A wallet on another device: Reown's own library, which a test has approve, reject and sign. A node with unlocked accounts has its keys. */
export class RelayedWallet {
  /** The methods that the page has requested, the earliest first. */
  readonly asked: string[] = [];
  #refused = new Set<string>();
  /** The methods that the user looks at for now, with what lets each be answered. */
  readonly #held = new Map<string, Promise<void>>();

  private constructor(
    private readonly kit: Kit,
    rpcUrl: string,
  ) {
    kit.on("session_request", ({ id, topic, params: { request } }) => {
      this.asked.push(request.method);
      void this.#answer(rpcUrl, request).then((answer) => {
        // A wallet that has ended the session sends what it still shows, and can tell nobody.
        if (!(topic in kit.getActiveSessions())) return undefined;
        const head = { id, jsonrpc: "2.0" };
        if (!("error" in answer))
          return kit.respondSessionRequest({ topic, response: { ...head, result: answer.result } });
        const { code, message, data } = answer.error;
        const error = { code, message, ...(typeof data === "string" && { data }) };
        return kit.respondSessionRequest({ topic, response: { ...head, error } });
      });
    });
  }

  static async open(relayUrl: string, rpcUrl: string): Promise<RelayedWallet> {
    const core = new Core({
      projectId: PROJECT_ID,
      relayUrl,
      telemetryEnabled: false,
      logger: "silent",
      customStoragePrefix: crypto.randomUUID(),
      storageOptions: { database: ":memory:" },
    });
    await core.start();
    // Hosts of Reown, which tests do not ask.
    core.eventClient.init = () => Promise.resolve();
    core.verify.resolve = () => Promise.resolve({ origin: "" });
    const metadata = { name: "Phone wallet", description: "A test", url: "https://wallet.example", icons: [] };
    return new RelayedWallet(await WalletKit.init({ core, metadata }), rpcUrl);
  }

  async #answer(rpcUrl: string, request: { method: string; params: unknown }): Promise<NodeAnswer> {
    const { method, params } = request;
    await this.#held.get(method);
    // The request's time of expiry is beside them, and no node knows it.
    if (!this.#refused.delete(method)) return askNode(rpcUrl, { method, params });
    return { error: { code: 5000, message: "User rejected." } };
  }

  /** Declines the next request of this method. */
  refuse(method: string): void {
    this.#refused.add(method);
  }

  /** Shows the requests of this method, and answers them once the returned function is called. */
  hold(method: string): () => void {
    const { promise, resolve } = deferred<void>();
    this.#held.set(method, promise);
    return resolve;
  }

  async #proposal(uri: string) {
    const proposed = new Promise<Parameters<Parameters<typeof this.kit.once<"session_proposal">>[1]>[0]>((resolve) => {
      this.kit.once("session_proposal", resolve);
    });
    await this.kit.pair({ uri });
    return proposed;
  }

  /** Reads a page's link and shares accounts with it. */
  async approve(uri: string, { chainIds, accounts }: RelayedAccounts): Promise<void> {
    const { id } = await this.#proposal(uri);
    const chains = chainIds.map((chainId) => `eip155:${chainId}`);
    const eip155 = {
      chains,
      accounts: chains.flatMap((chain) => accounts.map((account) => `${chain}:${account}`)),
      methods: ["eth_sendTransaction", "eth_signTypedData_v4", "personal_sign"],
      events: ["accountsChanged", "chainChanged"],
    };
    await this.kit.approveSession({ id, namespaces: { eip155 } });
  }

  /** Reads a page's link and declines. */
  async reject(uri: string, code: number, message: string): Promise<void> {
    const { id } = await this.#proposal(uri);
    await this.kit.rejectSession({ id, reason: { code, message } });
  }

  #topic(): string {
    const [topic = ""] = Object.keys(this.kit.getActiveSessions());
    return topic;
  }

  /** Tells the page that the user chose another account. */
  async switchTo(account: Address, chainId: number): Promise<void> {
    const event = { name: "accountsChanged", data: [account] };
    await this.kit.emitSessionEvent({ topic: this.#topic(), event, chainId: `eip155:${chainId}` });
  }

  /** Ends the session from the wallet's side. */
  async disconnect(): Promise<void> {
    await this.kit.disconnectSession({ topic: this.#topic(), reason: { code: 6000, message: "User disconnected." } });
  }

  /** Closes the wallet's connection to the relay. */
  async close(): Promise<void> {
    this.kit.core.heartbeat.stop();
    await this.kit.core.relayer.transportClose();
  }
}
