import { notFound } from "next/navigation";
import { ConfigurationProblems } from "@/components/configuration-problems";
import { environmentCheck } from "@/lib/env";

/** What `proxy.ts` shows in the place of every page, in development, until the environment is right. */
export default function ConfigurationPage() {
  const check = environmentCheck();
  if (check.ok) notFound();
  return <ConfigurationProblems problems={check.problems} />;
}
