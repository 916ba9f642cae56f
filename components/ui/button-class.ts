/** How much a control asks for attention. A page has at most one `primary`. */
export type ButtonVariant = "primary" | "secondary" | "quiet";

const SHAPE =
  "inline-flex items-center justify-center gap-2 rounded-md font-medium text-center transition-colors duration-150 " +
  "aria-disabled:cursor-progress";

const VARIANTS: Record<ButtonVariant, string> = {
  primary:
    "min-h-11 px-5 bg-accent text-text-on-accent shadow-raised hover:bg-[color-mix(in_oklab,var(--accent)_88%,var(--text))]",
  secondary: "min-h-9 px-3 border border-control bg-surface-raised text-text hover:bg-surface-sunken text-sm",
  quiet: "min-h-9 px-2 -mx-2 text-text-quiet hover:bg-surface-sunken hover:text-text text-sm",
};

/** The look of a button, for buttons and for links that are drawn as one. */
export function buttonClass(variant: ButtonVariant): string {
  return `${SHAPE} ${VARIANTS[variant]}`;
}
