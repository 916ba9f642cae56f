"use client";

import { useSonarEntities } from "@/hooks/use-sonar-entities";
import { useSonarAuth } from "@/hooks/use-sonar-auth";
import { EntitiesList } from "./components/entities-list";
import { EntityPanel } from "./components/entity-panel";
import { ProfileCard } from "./components/profile-card";
import { SonarAuthButton } from "./components/sonar-auth-button";
import { frontendURL, saleUUID } from "./config";
import { usePrePurchaseCheck } from "./hooks/use-pre-purchase-check";

/** A page in the shape of sonar-react's guide, where the browser held the token. */
export function Home({ walletAddress }: { walletAddress?: string }) {
  const { login, authenticated, logout, ready, token } = useSonarAuth();
  const { loading, entities, error } = useSonarEntities({ saleUUID });
  const { data } = usePrePurchaseCheck(entities?.[0]?.EntityID ?? "none", walletAddress ?? "");
  return (
    <main>
      <SonarAuthButton ready={ready} authenticated={authenticated} login={login} logout={logout} />
      <EntitiesList
        loading={loading}
        error={error}
        entities={entities}
        saleUUID={saleUUID}
        sonarFrontendURL={frontendURL}
      />
      <EntityPanel saleUUID={saleUUID} walletAddress={walletAddress} />
      {authenticated && <ProfileCard />}
      <p>{data?.ReadyToPurchase ? "Sonar has cleared it" : "Not cleared"}</p>
      <p>{token === undefined ? "No token in this browser" : token}</p>
    </main>
  );
}
