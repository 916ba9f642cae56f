import type { Deadline } from "@/lib/upstream/deadline";
import type { Engine } from "@/lib/oauth/engine";

/** What a Sonar call may use beside its input. The sale and the user come from here, never from the browser. */
export interface SonarCallContext {
  saleUUID: string;
  userId: string;
  engine: Engine;
  /** Of the whole action: what it asks besides Sonar keeps to it too. */
  deadline: Deadline;
}
