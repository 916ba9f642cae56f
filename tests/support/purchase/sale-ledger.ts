import { createPublicClient, encodeFunctionData, http, type Address, type Hex } from "viem";
import { SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { readPermit } from "@/lib/purchase/permit";
import { saleAbi, tokenAbi } from "@/lib/sale/abi";
import { FUNDED_WALLETS, SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { chainControl } from "@/sandbox/chain/control";
import { nodeClient, send } from "@/sandbox/chain/node-client";
import { encodePayload, toHex, type PermitV3 } from "@/sandbox/echo/permits/permit";
import { signPermit } from "@/sandbox/echo/permits/sign-permit";
import { findPersona } from "@/sandbox/echo/personas/all-personas";

type Token = keyof typeof SANDBOX_TOKENS;

/** The sale as the sandbox's chain has it. Amounts are in smallest units. */
export class SaleLedger {
  private readonly client;
  private readonly sentBefore = new Map<Address, number>();

  private constructor(private readonly rpcUrl: string) {
    this.client = createPublicClient({ transport: http(rpcUrl), cacheTime: 0 });
  }

  /** Opens it before a test sends anything. Earlier transactions, which gave buyers their tokens, are not counted. */
  static async open(rpcUrl: string): Promise<SaleLedger> {
    const ledger = new SaleLedger(rpcUrl);
    const counts = FUNDED_WALLETS.map(async (wallet) => ledger.sentBefore.set(wallet, await ledger.nonce(wallet)));
    await Promise.all(counts);
    return ledger;
  }

  balance(token: Token, owner: Address): Promise<bigint> {
    const address = SANDBOX_TOKENS[token];
    return this.client.readContract({ address, abi: tokenAbi, functionName: "balanceOf", args: [owner] });
  }

  /** The sale's balance of a token. */
  escrow(token: Token): Promise<bigint> {
    return this.balance(token, SANDBOX_SALE);
  }

  /** Transactions that a buyer has sent since the ledger was opened. */
  async sent(owner: Address): Promise<number> {
    return (await this.nonce(owner)) - (this.sentBefore.get(owner) ?? 0);
  }

  private nonce(address: Address): Promise<number> {
    return this.client.getTransactionCount({ address });
  }

  async bid(entityId: Hex): Promise<{ lockup: boolean; price: bigint; amount: bigint }> {
    const [state] = await this.client.readContract({
      address: SANDBOX_SALE,
      abi: saleAbi,
      functionName: "entityStatesByIDs",
      args: [[entityId]],
    });
    if (!state) throw new Error("the contract answered with no row");
    return state.currentBid;
  }

  /** Approves `amount` of a wallet's tokens for the sale, as an earlier visit could have. */
  async allow(token: Token, owner: Address, amount: bigint): Promise<void> {
    const data = encodeFunctionData({ abi: tokenAbi, functionName: "approve", args: [SANDBOX_SALE, amount] });
    await send(nodeClient(this.rpcUrl), { from: owner, to: SANDBOX_TOKENS[token], data });
  }
}

/** A permit of the sandbox's sale, valid from an hour before `now` (Unix seconds) to ten minutes after it, for 1 to 5,000 tokens of 6 decimals. */
export function permitAt(
  now: number,
  entityId: Hex,
  wallet: Address,
): PermitV3 & { MinPrice: number; MaxPrice: number } {
  return {
    SaleSpecificEntityID: entityId,
    SaleUUID: `0x${SANDBOX_SALE_UUID.replaceAll("-", "")}`,
    Wallet: wallet,
    ExpiresAt: now + 600,
    MinAmount: "1000000",
    MaxAmount: "5000000000",
    MinPrice: 0,
    MaxPrice: 0,
    OpensAt: now - 3_600,
    ClosesAt: now + 3_600,
    Payload: encodePayload(false),
  };
}

/** Commits USDC (smallest units) for an entity without Sonar, as the entity could while it was eligible. */
export async function commitFor(rpcUrl: string, entityId: Hex, wallet: Address, amount: bigint): Promise<void> {
  await (await SaleLedger.open(rpcUrl)).allow("usdc", wallet, amount);
  const wire = permitAt(await chainControl(rpcUrl).time(), entityId, wallet);
  const read = readPermit(wire);
  if (!read.ok) throw new Error(read.problem.sentence);
  const bid = { lockup: false, price: 0n, amount };
  const data = encodeFunctionData({
    abi: saleAbi,
    functionName: "replaceBidWithApproval",
    args: [SANDBOX_TOKENS.usdc, bid, read.value.permit, await signPermit(wire)],
  });
  await send(nodeClient(rpcUrl), { from: wallet, to: SANDBOX_SALE, data });
}

/** The SaleSpecificEntityID of a persona's first entity, which identifies it on the contract. */
export function entityOnChain(personaId: string): Hex {
  const id = findPersona(personaId)?.entities[0]?.details.SaleSpecificEntityID;
  if (id === undefined) throw new Error(`${personaId} has no entity`);
  return toHex(id);
}
