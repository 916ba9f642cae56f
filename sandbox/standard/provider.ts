import type { FaultBoard } from "../faults/fault-board";
import type { RequestLog } from "../http/request-log";
import type { GrantStore } from "../oauth/grant-store";
import type { RegisteredClient } from "../oauth/registered-client";
import type { ProviderSpec } from "./provider-spec";

/** What a provider may leave out of its answers, or say wrongly; the control endpoints change it. */
export interface Habits {
  /** Without it, a connection ends with its access token. */
  refreshTokens: boolean;
  /** Without it, the app learns by a 401 that a token has expired. */
  expiresIn: boolean;
  /** Sent as `iss` with every callback (RFC 9207); absent: none is sent. */
  iss?: string;
}

/** The parts of a running provider that its endpoints share. */
export interface Provider {
  spec: ProviderSpec;
  /** Unix time in milliseconds. */
  now: () => number;
  client: RegisteredClient;
  grants: GrantStore;
  faults: FaultBoard;
  log: RequestLog;
  habits: Habits;
  /** The habits it was started with. */
  readonly usualHabits: Habits;
  /** What else a reset has to set back. */
  readonly onReset: (() => void)[];
}

/** The tokens' owner, and what they have granted. */
export interface Caller {
  accountId: string;
  scopes: readonly string[];
}
