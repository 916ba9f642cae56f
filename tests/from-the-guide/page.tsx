"use client";

import { SaleEligibility } from "@echoxyz/sonar-core";
import { useState } from "react";
import { useSession } from "@/hooks/use-session";
import { AuthenticationSection } from "./components/authentication-section";
import { CommitCard } from "./components/commit-card";
import { CommitmentDataCard } from "./components/commitment-data-card";
import { EligibilityResults } from "./components/eligibility-results";
import { EntitiesList } from "./components/entities-list";
import { frontendURL, investor, saleHome, saleUUID } from "./config";
import { useSonarEntities } from "./hooks/use-sonar-entities";

/** The guide's page. The wallet, which wagmi's `useAccount` gives there, is `useWallet` here. */
export default function Home() {
  const [selectedID, setSelectedID] = useState<string | undefined>(undefined);
  const { sonarConnected } = useSession();
  const { loading, entities, error } = useSonarEntities();
  const eligible = entities?.filter((entity) => entity.SaleEligibility === SaleEligibility.ELIGIBLE) ?? [];
  const selected = eligible.find((entity) => entity.EntityID === selectedID) ?? eligible[0];
  return (
    <main>
      <AuthenticationSection />
      {sonarConnected && (
        <EntitiesList
          loading={loading}
          error={error}
          entities={entities}
          saleUUID={saleUUID}
          sonarFrontendURL={frontendURL}
        />
      )}
      {entities && <EligibilityResults entities={entities} eligibleEntities={eligible} sonarHomeURL={saleHome.href} />}
      {selected && (
        <>
          <select aria-label="Entity" value={selected.EntityID} onChange={(event) => setSelectedID(event.target.value)}>
            {eligible.map((entity) => (
              <option key={entity.EntityID} value={entity.EntityID}>
                {entity.Label}
              </option>
            ))}
          </select>
          <CommitCard saleUUID={saleUUID} entityID={selected.EntityID} walletAddress={investor.wallet} />
        </>
      )}
      <CommitmentDataCard saleUUID={saleUUID} />
    </main>
  );
}
