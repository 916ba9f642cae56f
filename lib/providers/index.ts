import "server-only";
import type { ProviderDefinition } from "@/lib/providers/definition";
import { interact } from "@/lib/providers/interact";
import { oncehub } from "@/lib/providers/oncehub";
import { rakomi } from "@/lib/providers/rakomi";

/** The providers beside Sonar, in the order of their cards. A fork adds its own here, one line each, or takes some out. */
export const providerDefinitions = [oncehub, interact, rakomi] as const;

/** The same for those who need not know which there are; there may be none. */
export const registeredProviders: readonly ProviderDefinition[] = [...providerDefinitions];
