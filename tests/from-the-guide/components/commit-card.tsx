"use client";

import { EntityID, GeneratePurchasePermitResponse, PrePurchaseFailureReason } from "@echoxyz/sonar-core";
import { useState } from "react";
import { useSonarPurchase } from "@/hooks/use-sonar-purchase";

function reasonOf(reason: PrePurchaseFailureReason): string {
  switch (reason) {
    case PrePurchaseFailureReason.REQUIRES_LIVENESS:
      return "A face check is needed";
    case PrePurchaseFailureReason.WALLET_RISK:
    case PrePurchaseFailureReason.MAX_WALLETS_USED:
    case PrePurchaseFailureReason.WALLET_NOT_LINKED:
      return "Use another wallet";
    default:
      return "Not possible now";
  }
}

function PermitButton({ getPermit }: { getPermit: () => Promise<GeneratePurchasePermitResponse> }) {
  const [permit, setPermit] = useState<GeneratePurchasePermitResponse>();
  const [error, setError] = useState<Error>();
  const commit = async () => {
    try {
      setPermit(await getPermit());
    } catch (err) {
      setError(err as Error);
    }
  };
  return (
    <>
      <button onClick={() => void commit()}>Commit</button>
      {permit && <p>{`Permit signed: ${permit.Signature}`}</p>}
      {error && <p role="alert">{error.message}</p>}
    </>
  );
}

interface CommitCardProps {
  saleUUID: string;
  entityID: EntityID;
  walletAddress: `0x${string}`;
}

export function CommitCard({ saleUUID, entityID, walletAddress }: CommitCardProps) {
  const purchase = useSonarPurchase({ saleUUID, entityID, walletAddress });
  if (purchase.loading) return <p>Asking Sonar</p>;
  if (purchase.error) return <p role="alert">{purchase.error.message}</p>;
  if (purchase.readyToPurchase) return <PermitButton getPermit={purchase.generatePurchasePermit} />;
  return (
    <>
      <p>{reasonOf(purchase.failureReason)}</p>
      {purchase.livenessCheckURL && <a href={purchase.livenessCheckURL}>Start the face check</a>}
    </>
  );
}
