import { FaultBoard } from "../faults/fault-board";
import { RequestLog } from "../http/request-log";
import { readGrantFile, writeGrantFile } from "../oauth/grant-file";
import { emptyGrantState } from "../oauth/grant-state";
import { GrantStore } from "../oauth/grant-store";
import { RegisteredClient } from "../oauth/registered-client";
import { randomSecret } from "../oauth/secrets";
import type { Provider } from "./provider";
import type { ProviderSpec } from "./provider-spec";

/** Seconds that an access token is valid unless a control call says otherwise. */
export const TOKEN_LIFETIME = 900;

/** How to run a provider. */
export interface ProviderOptions {
  /** 0 takes any free port. */
  port: number;
  redirectUris: readonly string[];
  /** Where grants survive a restart; absent: in memory only. */
  dataFile?: string;
  /** Unix time in milliseconds. */
  now?: () => number;
}

/** The parts of a provider, as they are when it starts. Its access tokens are opaque. `issuer` is sent as `iss` if given. */
export function makeProvider(
  spec: ProviderSpec,
  { redirectUris, dataFile, now = Date.now }: ProviderOptions,
  issuer?: string,
): Provider {
  const habits = { refreshTokens: true, expiresIn: true, ...(issuer !== undefined && { iss: issuer }) };
  return {
    spec,
    now,
    client: new RegisteredClient(spec.clientId, redirectUris),
    grants: new GrantStore({
      issuer: issuer ?? "",
      now,
      mint: randomSecret,
      tokenLifetime: TOKEN_LIFETIME,
      state: dataFile === undefined ? emptyGrantState() : readGrantFile(dataFile, now),
      save: (state) => dataFile !== undefined && writeGrantFile(dataFile, state),
    }),
    faults: new FaultBoard(),
    log: new RequestLog(now),
    habits,
    usualHabits: habits,
    onReset: [],
  };
}
