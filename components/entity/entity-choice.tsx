import { Check } from "lucide-react";
import { Button } from "@/components/ui/button";

/** The choice of one among several entities. */
export interface EntityChoiceProps {
  /** The entity's name, for screen readers: the button is there once for each. */
  name: string;
  chosen: boolean;
  onChoose: () => void;
}

/** Lets the user take part as one entity where several can. */
export function EntityChoice({ name, chosen, onChoose }: EntityChoiceProps) {
  return (
    <div className="mt-4 flex min-h-9 items-center">
      {chosen ? (
        <p className="inline-flex items-center gap-2 text-sm font-medium text-ok">
          <Check aria-hidden className="size-4" />
          You take part as this entity
        </p>
      ) : (
        <Button onClick={onChoose}>
          Take part as this entity<span className="sr-only">: {name}</span>
        </Button>
      )}
    </div>
  );
}
