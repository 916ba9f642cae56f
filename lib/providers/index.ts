import "server-only";
import type { ProviderDefinition } from "@/lib/providers/definition";
import { interact } from "@/lib/providers/interact";
import { oncehub } from "@/lib/providers/oncehub";
import { rakomi } from "@/lib/providers/rakomi";

/** The providers besides Sonar, in the order of their cards. A fork adds or removes providers here. */
export const providerDefinitions = [oncehub, interact, rakomi] as const;

/** The same without their types, for code that works with any of them, or none. */
export const registeredProviders: readonly ProviderDefinition[] = [...providerDefinitions];
