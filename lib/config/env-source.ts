import type { z } from "zod";
import type { EnvProblem } from "@/lib/config/env-schema";

/** Variables as text, as a process has them. */
export type Source = Readonly<Record<string, string | undefined>>;

/** An empty variable means "not set", as in most hosts and `.env` files. */
export function withoutEmpty(source: Source): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim()));
}

/** The first problem of each variable: any further ones mostly repeat it. */
export function firstProblems(issues: readonly z.core.$ZodIssue[]): Map<string, string> {
  const problems = new Map<string, string>();
  for (const { path, message } of issues) {
    const variable = String(path[0]);
    if (!problems.has(variable)) problems.set(variable, message);
  }
  return problems;
}

/** The same as a list. */
export function problemsOf({ issues }: z.core.$ZodError): EnvProblem[] {
  return [...firstProblems(issues)].map(([variable, problem]) => ({ variable, problem }));
}
