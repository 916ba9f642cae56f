import type { ReactNode } from "react";
import { InteractAccount } from "@/components/connections/interact";
import { OnceHubBookings } from "@/components/connections/oncehub";
import { RakomiIdentity } from "@/components/connections/rakomi";

/** The text of a provider's card on `/connections`, and its content once connected. */
interface ProviderContent {
  about: string;
  content: ReactNode;
}

/** The content of the cards, by the provider's id. A registered provider without content here can still be connected. */
export const providerContents: ReadonlyMap<string, ProviderContent> = new Map([
  ["oncehub", { about: "Scheduling. This site can show you your bookings.", content: <OnceHubBookings /> }],
  [
    "interact",
    { about: "This site can show you your profile and store entries in your account.", content: <InteractAccount /> },
  ],
  ["rakomi", { about: "Hosted login. This site can show you your identity there.", content: <RakomiIdentity /> }],
]);
