import type { Tone } from "@/lib/sonar/entity-state";

/** Classes of tinted surfaces by tone. */
export const TONE_SURFACE: Record<Tone, string> = {
  ok: "bg-[color-mix(in_oklab,var(--ok)_9%,var(--surface-raised))] text-ok",
  warn: "bg-[color-mix(in_oklab,var(--warn)_10%,var(--surface-raised))] text-warn",
  bad: "bg-[color-mix(in_oklab,var(--bad)_8%,var(--surface-raised))] text-bad",
  quiet: "bg-surface-sunken text-text-quiet",
};
