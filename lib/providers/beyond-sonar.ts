import "server-only";
import { registeredProviders } from "@/lib/providers/index";

/** The id, if it is the one of a provider beside Sonar: the app's own pages are about Sonar where nothing else is said. */
export function beyondSonar(id: string | undefined): string | undefined {
  return registeredProviders.find((one) => one.id === id)?.id;
}
