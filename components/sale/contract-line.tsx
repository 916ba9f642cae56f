import { Address } from "@/components/ui/address";
import { ExternalLink } from "@/components/ui/external-link";

/** The sale's contract on chain. */
export interface SaleContractFacts {
  address: string;
  /** The chain that it is on. */
  chainName: string;
  /** The contract's page in a block explorer, where one is known. */
  explorerUrl?: string;
}

/** Where the sale can be verified. */
export function ContractLine({ address, chainName, explorerUrl }: SaleContractFacts) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line pt-4 text-sm">
      <span className="inline-flex items-center gap-2">
        <span className="text-text-quiet">Contract</span>
        <Address address={address} label="contract address" />
        <span className="text-text-quiet">on {chainName}</span>
      </span>
      {explorerUrl && <ExternalLink href={explorerUrl}>Explorer</ExternalLink>}
    </div>
  );
}
