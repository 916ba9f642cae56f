"use client";

import { useSonarEntity } from "@/hooks/use-sonar-entities";
import { EntityCard } from "./entity-card";

/** The entity of a linked wallet; for one that is linked to none there is neither an entity nor an error, as in sonar-react. */
export function EntityPanel({ saleUUID, walletAddress }: { saleUUID: string; walletAddress?: string }) {
  const { authenticated, loading, entity, error } = useSonarEntity({ saleUUID, walletAddress });
  if (!authenticated || !walletAddress) return <p>Connect wallet and account</p>;
  if (loading) return <p>Loading the entity of this wallet</p>;
  if (error) return <p role="alert">{error.message}</p>;
  return entity ? <EntityCard entity={entity} /> : <p>This wallet is linked to no entity</p>;
}
