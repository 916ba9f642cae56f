"use client";

import { useEntityInvestmentHistory, useSonarProfile } from "@/hooks/use-sonar-profile";

export function ProfileCard() {
  const { profile, loading, error } = useSonarProfile();
  const { investmentHistory } = useEntityInvestmentHistory();
  if (loading) return <p>Loading the profile</p>;
  if (error) return <p role="alert">{error.message}</p>;
  return <p>{`${profile?.EmailAddress ?? "No address"}, ${investmentHistory?.Investments.length ?? 0} investments`}</p>;
}
