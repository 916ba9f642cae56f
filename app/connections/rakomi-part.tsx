"use client";

import { FactsSkeleton, PersonFacts } from "@/components/connections/person-facts";
import { ProviderRead } from "@/components/connections/provider-read";
import { useRakomiUser } from "@/hooks/use-rakomi-user";
import { failureOf } from "@/lib/failure-error";

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

/** Who the user is, as Rakomi says. */
export function RakomiPart() {
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
      skeleton={<FactsSkeleton lines={3} label="Reading your identity." />}
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
