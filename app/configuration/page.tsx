import { notFound } from "next/navigation";
import { environmentCheck } from "@/lib/config/env";
import type { EnvProblem } from "@/lib/config/env-schema";

/** Replaces every page in development until the environment is right. Values are never shown, because they may be secrets. */
function ConfigurationProblems({ problems }: { problems: readonly EnvProblem[] }) {
  return (
    <main className="mx-auto grid max-w-2xl gap-6 px-[min(1rem,5vw)] py-16 sm:px-6 sm:py-24">
      <div>
        <h1 className="text-xl font-semibold tracking-tight">The configuration needs to be corrected</h1>
        <p className="mt-2 text-text-quiet">
          Set these variables in .env and restart the server. Every variable is explained in .env.example.
        </p>
      </div>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface-raised shadow-raised">
        {problems.map(({ variable, problem }, index) => (
          <li key={`${variable}-${index}`} className="p-4 sm:p-5">
            <p translate="no" className="font-mono text-sm font-medium">
              {variable}
            </p>
            <p className="mt-1">{problem}</p>
          </li>
        ))}
      </ul>
    </main>
  );
}

/** `proxy.ts` shows this instead of every page, in development, until the environment is right. */
export default function ConfigurationPage() {
  const check = environmentCheck();
  if (check.ok) notFound();
  return <ConfigurationProblems problems={check.problems} />;
}
