import { DemoStrip } from "@/components/layout/demo-strip";
import { SandboxLine, SandboxStrip } from "@/components/layout/sandbox-strip";
import { ExternalLink } from "@/components/ui/link";
import type { Env } from "@/lib/config/env";
import { publicDemo } from "@/lib/public-demo";
import type { SandboxTools } from "@/lib/sandbox-tools";

interface StripProps {
  env: Env;
  /** Absent where the sandbox cannot be controlled from here. */
  tools: SandboxTools | undefined;
  /** The server's time in Unix milliseconds. */
  now: number;
}

/** Always shown while the sandbox is on: nobody may mistake it for a real sale. `npm run remove-sandbox` replaces this file. */
export function Strip({ env: { sandbox }, tools, now }: StripProps) {
  const demo = publicDemo()?.times();
  if (demo) return <DemoStrip {...demo} now={now} />;
  if (!sandbox) return null;
  if (tools) return <SandboxStrip {...tools} />;
  return (
    <SandboxLine>
      <p className="flex-1">Sandbox: nothing here is real.</p>
      <ExternalLink href={sandbox.origin}>Controls</ExternalLink>
    </SandboxLine>
  );
}
