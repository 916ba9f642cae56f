import type { EnvProblem } from "@/lib/env-rules";

/** All problems of an environment as text for a terminal. It names variables, never values. */
export function envReport(problems: readonly EnvProblem[]): string {
  const lines = problems.map(({ variable, problem }) => `  ${variable} ${problem}`);
  return [`The configuration has ${problems.length} problem(s); .env.example explains every variable.`, ...lines].join(
    "\n",
  );
}
