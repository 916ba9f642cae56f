import { startInteract } from "./interact";
import { startOnceHub } from "./oncehub";
import { startRakomi } from "./rakomi";
import type { StandIn } from "../standard/serve";

/** The stand-ins for the app's further providers, by the provider's id. */
export const standIns: Readonly<Record<string, StandIn>> = {
  oncehub: { name: "OnceHub", start: startOnceHub },
  interact: { name: "Interact", start: startInteract },
  rakomi: { name: "Rakomi", start: startRakomi },
};
