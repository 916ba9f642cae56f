import { json, noContent } from "../http/answer";
import type { Answer } from "../http/answer";
import { invalidField } from "../http/fields";
import type { SandboxRequest } from "../http/sandbox-request";
import type { RequestLog } from "../http/request-log";

interface HasLog {
  log: RequestLog;
}

/** GET /sandbox/requests: the request log, oldest first; with `?after=` only entries with a higher number. */
export function listRequests({ log }: HasLog, request: SandboxRequest): Answer {
  const after = request.query.get("after") ?? "0";
  if (!/^\d{1,15}$/.test(after)) throw invalidField("after", "must be the number of a log entry");
  return json({ requests: log.list(Number(after)) });
}

/** DELETE /sandbox/requests. */
export function clearRequests({ log }: HasLog): Answer {
  log.clear();
  return noContent();
}
