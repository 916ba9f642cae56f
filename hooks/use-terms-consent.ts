"use client";

import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { acceptTerms } from "@/app/actions/purchase";
import { useAnnounce } from "@/hooks/use-announcer";
import { callAction } from "@/hooks/use-seeded-query";
import { useSessionStatus } from "@/hooks/use-session";
import { site, type TermsConsent } from "@/lib/config/site";
import { failureOf, messageOf, type Failure } from "@/lib/result";

/** The terms to show. `refusal`: the server refused an acceptance, because these have taken the place of those on the page. */
interface ShownTerms {
  terms: TermsConsent | null;
  refusal?: Failure;
}

/** The sale's terms above the button, and the acceptance with its press. */
export interface UseTermsConsentResult {
  /** Absent: this site has no terms to accept. */
  terms?: TermsConsent;
  /** Says that the terms have changed and that nothing was sent; until the new ones are accepted. */
  refusal?: Failure;
  /** Records the acceptance of the terms that are shown, unless this page has done so, and then calls `then`. */
  accept: (then: () => void) => void;
  accepting: boolean;
  /** The reason why the acceptance was not recorded. */
  failure?: Failure;
  /** The server refused a permit for want of an acceptance: the next press accepts again, and the terms of the refusal are shown. */
  onPermitRefused: (refusal: Failure) => void;
}

const SHOWN_KEY = ["shownTerms"];

/** This page's terms, and the ones of a later deployment once the server has named them. They outlive the form, which gives way to the steps. */
function useShownTerms(): ShownTerms {
  const first: ShownTerms = { terms: site.consent ?? null };
  const { data = first } = useQuery({
    queryKey: SHOWN_KEY,
    queryFn: skipToken,
    initialData: first,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return data;
}

/** Accepting the terms of the sale for an entity, as a part of the press that commits. */
export function useTermsConsent(entityID: string): UseTermsConsentResult {
  const client = useQueryClient();
  const announce = useAnnounce();
  const { viewKey } = useSessionStatus();
  const { terms, refusal } = useShownTerms();
  const acceptedKey = ["acceptedTerms", viewKey, entityID];
  const { mutate, isPending, error } = useMutation({
    mutationFn: (version: string) => callAction(() => acceptTerms({ entityID, version })),
    onError(cause) {
      const failed = failureOf(cause);
      if (!failed.terms) return;
      client.setQueryData<ShownTerms>(SHOWN_KEY, { terms: failed.terms, refusal: failed });
      announce(`${messageOf(failed)} ${failed.suggestion}`);
    },
  });
  const failed = error && failureOf(error);

  function accept(then: () => void) {
    if (!terms || client.getQueryData(acceptedKey) === terms.version) return then();
    mutate(terms.version, {
      onSuccess() {
        client.setQueryData(acceptedKey, terms.version);
        client.setQueryData<ShownTerms>(SHOWN_KEY, { terms });
        then();
      },
    });
  }

  return {
    ...(terms && { terms }),
    ...(refusal && { refusal }),
    accept,
    accepting: isPending,
    ...(failed && !failed.terms && { failure: failed }),
    onPermitRefused(answer) {
      client.removeQueries({ queryKey: acceptedKey });
      if (answer.terms) client.setQueryData<ShownTerms>(SHOWN_KEY, { terms: answer.terms });
    },
  };
}
