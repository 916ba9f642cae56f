import { shortenAddress } from "@/lib/sale/amounts";
import { CopyButton } from "@/components/ui/copy-button";

interface AddressProps {
  address: string;
  /** What it is the address of, e.g. "contract address"; names the copy button. */
  label: string;
  copyable?: boolean;
}

/** An address, shortened in its middle; in full on hover, for screen readers and on the clipboard. */
export function Address({ address, label, copyable = true }: AddressProps) {
  return (
    <span className="inline-flex items-center gap-1">
      <span className="font-mono text-sm whitespace-nowrap" title={address}>
        <span aria-hidden>{shortenAddress(address)}</span>
        <span className="sr-only">{address}</span>
      </span>
      {copyable && <CopyButton text={address} label={label} />}
    </span>
  );
}
