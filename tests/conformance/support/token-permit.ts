import { parseSignature, type Address } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { sandboxUsdcAbi } from "@/sandbox/chain/artifacts/sandbox-usdc-abi";
import type { NodeClient } from "@/sandbox/chain/node-client";
import type { TokenPermit } from "@/tests/conformance/support/bid-call";

const TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/** What an EIP-2612 permit allows. */
interface Allowed {
  owner: PrivateKeyAccount;
  token: Address;
  spender: Address;
  value: bigint;
  /** Unix seconds. */
  deadline: bigint;
}

/** Whether the token has EIP-2612. */
export async function hasPermit(node: NodeClient, token: Address): Promise<boolean> {
  const separator = node.readContract({ address: token, abi: sandboxUsdcAbi, functionName: "DOMAIN_SEPARATOR" });
  return separator.then(
    () => true,
    () => false,
  );
}

/** Signs an EIP-2612 permit with the token's own domain and the owner's next nonce. */
export async function signTokenPermit(node: NodeClient, allowed: Allowed): Promise<TokenPermit> {
  const { owner, token, spender, value, deadline } = allowed;
  const contract = { address: token, abi: sandboxUsdcAbi } as const;
  const [name, version, nonce, chainId] = await Promise.all([
    node.readContract({ ...contract, functionName: "name" }),
    node.readContract({ ...contract, functionName: "version" }),
    node.readContract({ ...contract, functionName: "nonces", args: [owner.address] }),
    node.getChainId(),
  ]);
  const signature = await owner.signTypedData({
    domain: { name, version, chainId, verifyingContract: token },
    types: TYPES,
    primaryType: "Permit",
    message: { owner: owner.address, spender, value, nonce, deadline },
  });
  const { r, s, v } = parseSignature(signature);
  return { deadline, signature: `0x${r.slice(2)}${s.slice(2)}${v === 28n ? "1c" : "1b"}` };
}
