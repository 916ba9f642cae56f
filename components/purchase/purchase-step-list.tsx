import { Check, Circle, LoaderCircle, X } from "lucide-react";
import { purchaseStepWords } from "@/lib/sale/purchase-step-words";
import type { PurchaseKind, PurchaseStep } from "@/lib/sale/purchase-steps";
import { TransactionLink } from "@/components/purchase/transaction-link";

interface PurchaseStepListProps {
  kind: PurchaseKind;
  steps: readonly PurchaseStep[];
  explorerUrl?: string;
}

type ShownState = Exclude<PurchaseStep["state"], "skipped">;

const LOOKS: Record<ShownState, { Icon: typeof Check; colour: string; text: string }> = {
  todo: { Icon: Circle, colour: "text-text-quiet", text: "to do" },
  now: { Icon: LoaderCircle, colour: "text-accent", text: "under way" },
  done: { Icon: Check, colour: "text-ok", text: "done" },
  failed: { Icon: X, colour: "text-bad", text: "stopped" },
};

function StepRow({ step, kind, explorerUrl }: { step: PurchaseStep; kind: PurchaseKind; explorerUrl?: string }) {
  if (step.state === "skipped") return null;
  const { Icon, colour, text } = LOOKS[step.state];
  const { title, hint } = purchaseStepWords(kind, step.id);
  return (
    <li className="flex gap-3" aria-current={step.state === "now" ? "step" : undefined}>
      <Icon aria-hidden className={`mt-1 size-4 shrink-0 ${colour} ${step.state === "now" ? "animate-spin" : ""}`} />
      <div className="min-w-0">
        <span className={step.state === "todo" ? "text-text-quiet" : undefined}>{title}</span>
        <span className="sr-only">, {text}</span>
        {step.hash && <TransactionLink hash={step.hash} explorerUrl={explorerUrl} />}
        {step.state === "now" && hint && <p className="text-sm text-text-quiet">{hint}</p>}
      </div>
    </li>
  );
}

/** The steps of a transaction, each with its state and what to do in the wallet. Steps that are not needed are left out. */
export function PurchaseStepList({ kind, steps, explorerUrl }: PurchaseStepListProps) {
  return (
    <ol aria-label="Progress" aria-live="polite" className="grid gap-2 rounded-md bg-surface-sunken p-4">
      {steps.map((step) => (
        <StepRow key={step.id} step={step} kind={kind} explorerUrl={explorerUrl} />
      ))}
    </ol>
  );
}
