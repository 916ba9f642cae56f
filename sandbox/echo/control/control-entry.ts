import type { Answer } from "../../http/answer";
import type { Route } from "../../http/router";
import type { SandboxRequest } from "../../http/sandbox-request";
import type { Echo } from "../echo";

type Control = (echo: Echo, request: SandboxRequest) => Answer | Promise<Answer>;

/** A control: method, path below /sandbox/, and handler. */
export type ControlEntry = readonly [method: Route["method"], path: string, handle: Control];
