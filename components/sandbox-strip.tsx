import { TONE_SURFACE } from "@/components/ui/tone";
import { ExternalLink } from "@/components/ui/external-link";

/** Always there while the sandbox is on: nobody may take what it shows for a real sale. */
export function SandboxStrip({ controlsUrl }: { controlsUrl: string }) {
  return (
    <aside aria-label="Sandbox" className={`border-b border-line ${TONE_SURFACE.warn}`}>
      <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-x-4 px-4 py-1.5 text-sm sm:px-6">
        <p>Sandbox: nothing here is real.</p>
        <ExternalLink href={controlsUrl}>Controls</ExternalLink>
      </div>
    </aside>
  );
}
