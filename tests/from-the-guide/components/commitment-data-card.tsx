"use client";

import { Commitment, WalletTokenAmount } from "@echoxyz/sonar-core";
import { useCommitmentData } from "@/hooks/use-sale";

function sum(amounts: WalletTokenAmount[]): bigint {
  return amounts.reduce((total, { Amount }) => total + BigInt(Amount), 0n);
}

function Row({ commitment, decimals }: { commitment: Commitment; decimals: number }) {
  return <li>{`${sum(commitment.Amounts) / 10n ** BigInt(decimals)} on ${commitment.CreatedAt}`}</li>;
}

export function CommitmentDataCard({ saleUUID }: { saleUUID: string }) {
  const { loading, commitmentData, error } = useCommitmentData({ saleUUID, pollingIntervalMs: 10_000 });
  if (loading && !commitmentData) return <p>Loading the sale</p>;
  if (error && !commitmentData) return <p role="alert">{error.message}</p>;
  if (!commitmentData) return null;
  return (
    <section>
      <p>{`Committers: ${commitmentData.UniqueCommitmentCount}`}</p>
      <ul>
        {commitmentData.Commitments.slice(0, 20).map((commitment) => (
          <Row key={commitment.CommitmentID} commitment={commitment} decimals={commitmentData.PaymentTokenDecimals} />
        ))}
      </ul>
    </section>
  );
}
