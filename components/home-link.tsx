import type { ButtonVariant } from "@/components/ui/button-class";
import { buttonClass } from "@/components/ui/button-class";

interface HomeLinkProps {
  href?: string;
  label?: string;
  variant?: ButtonVariant;
}

/** Back to the start page (or another) by a document load: after an error nothing of the old page may be kept. */
export function HomeLink({ href = "/", label = "Back to the sale", variant = "primary" }: HomeLinkProps) {
  return (
    <a href={href} className={buttonClass(variant)}>
      {label}
    </a>
  );
}
