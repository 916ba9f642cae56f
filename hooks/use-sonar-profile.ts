"use client";

import type { MyProfileResponse } from "@echoxyz/sonar-core";
import { getProfile } from "@/app/actions/sonar";
import { useSonarQuery, type SonarRead } from "@/hooks/use-sonar-query";
import { useView } from "@/hooks/view";

/** The shape of sonar-react's `UseSonarProfileResult`, plus `refetch`. */
export interface UseSonarProfileResult extends SonarRead {
  profile?: MyProfileResponse;
}

/** The connected user's profile; the email only if they granted the contact scope. `error` is a `FailureError`. */
export function useSonarProfile(): UseSonarProfileResult {
  const { seeds } = useView();
  const { data, ...rest } = useSonarQuery({
    name: "profile",
    action: getProfile,
    input: {},
    seed: seeds.profile,
  });
  return { ...rest, profile: data };
}
