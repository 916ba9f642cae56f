import { buttonClass } from "@/components/ui/button-class";

/** Back to the start page by a document load: after an error nothing of the old page may be kept. */
export function HomeLink({ label = "Back to the sale" }: { label?: string }) {
  return (
    <a href="/" className={buttonClass("primary")}>
      {label}
    </a>
  );
}
