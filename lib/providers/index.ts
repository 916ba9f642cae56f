import "server-only";
import { interact } from "@/lib/providers/interact";
import { oncehub } from "@/lib/providers/oncehub";
import { rakomi } from "@/lib/providers/rakomi";

/** The providers beside Sonar, in the order of their cards. A fork adds its own here, one line each. */
export const providerDefinitions = [oncehub, interact, rakomi] as const;
