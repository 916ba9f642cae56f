import { brand } from "@/components/brand";

/** The page's heading; before sign-in it says what this page is for. */
export function JourneyHeading({ signedIn }: { signedIn: boolean }) {
  if (signedIn) return <h1 className="text-xl font-semibold tracking-tight">Your participation</h1>;
  return (
    <div>
      <h1 className="text-2xl font-semibold tracking-tight">Take part in the {brand.saleName}</h1>
      <p className="mt-3 max-w-prose text-lg text-text-quiet">
        Connect your Sonar account to see whether you can take part, and what is left to do if you cannot yet.
      </p>
    </div>
  );
}
