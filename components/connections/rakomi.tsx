"use client";

import { FactsSkeleton, PersonFacts, ProviderRead } from "@/components/connections/provider-read";
import { callProvider, useProviderQuery } from "@/hooks/use-provider-query";
import { failureOf } from "@/lib/result";

/** Reads the user's identity from Rakomi. */
function useRakomiUser() {
  return useProviderQuery(["rakomi", "userInfo"], () => callProvider("rakomi", "userInfo", {}));
}

const RAKOMI = { id: "rakomi", name: "Rakomi" };

function emailWords({
  email,
  email_verified,
}: {
  email?: string | null | undefined;
  email_verified?: boolean | null | undefined;
}): string {
  if (!email) return "Not given";
  return email_verified ? `${email} (verified)` : email;
}

/** The user's identity at Rakomi. */
export function RakomiIdentity() {
  const { asked, data, error, refreshing, ask } = useRakomiUser();
  return (
    <ProviderRead
      provider={RAKOMI}
      label="Show identity"
      asked={asked}
      data={data}
      failure={error && failureOf(error)}
      refreshing={refreshing}
      onAsk={ask}
      skeleton={<FactsSkeleton lines={3} label="Loading your identity." />}
    >
      {(user) => (
        <PersonFacts
          facts={[
            { label: "Name", value: user.name ?? "Not given" },
            { label: "Email", value: emailWords(user) },
            { label: "Subject", value: user.sub, code: true },
          ]}
        />
      )}
    </ProviderRead>
  );
}
