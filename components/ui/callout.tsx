import type { ReactNode } from "react";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { Tone } from "@/lib/sonar/entity-state";
import { TONE_SURFACE } from "@/components/ui/tone";

const ICONS = { ok: CircleCheck, warn: TriangleAlert, bad: CircleAlert, quiet: Info };

interface CalloutProps {
  tone?: Tone;
  title?: string;
  children: ReactNode;
  /** What can be done about it. */
  action?: ReactNode;
}

/** Something to know at the place it concerns. Only bad news interrupts a screen reader. */
export function Callout({ tone = "quiet", title, children, action }: CalloutProps) {
  const Icon = ICONS[tone];
  return (
    <div className={`flex gap-3 rounded-md p-4 ${TONE_SURFACE[tone]}`} role={tone === "bad" ? "alert" : undefined}>
      <Icon aria-hidden className="mt-1 size-4 shrink-0" />
      <div className="min-w-0 flex-1 text-text">
        {title && <p className="font-medium">{title}</p>}
        <div className={title ? "text-text-quiet" : undefined}>{children}</div>
        {action && <div className="mt-3">{action}</div>}
      </div>
    </div>
  );
}
