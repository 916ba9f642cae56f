import type { Address } from "viem";
import type { ChainControl } from "../../chain/control";
import { EMPTY_WALLET, FUNDED_WALLETS, SANDBOX_TOKENS } from "../../chain/chain-facts";
import { json, type Answer } from "../../http/answer";
import { invalidField } from "../../http/fields";
import type { SandboxRequest } from "../../http/request";
import { SANDBOX_SALE_UUID } from "../../../lib/config/sandbox";
import { checkOf } from "../api/purchase";
import type { Echo } from "../echo";
import { buildPermit, permitOnTheWire, toHex, type Hex } from "../permits/permit";
import { accountLabel, accountOf } from "../personas/accounts";
import { findPersona, PERSONAS } from "../personas/all-personas";
import { onChain } from "./chain";

/** An amount in each token, as decimal strings in smallest units. */
interface Amounts {
  usdc: string;
  usdt: string;
}

/** An entity that has bid. */
interface InspectedEntity {
  /** Absent for one that belongs to no persona. */
  persona?: { id: string; name: string };
  label: string;
  id: Hex;
  /** `price` in steps, `amount` in smallest units. */
  bid: { price: string; amount: string; lockup: boolean };
  refunded: boolean;
  wallets: { address: Address; label: string; committed: Amounts; accepted: Amounts }[];
}

/** An account of the test wallet. */
interface InspectedWallet {
  address: Address;
  label: string;
  /** The label of the entity that it belongs to, if any. */
  holder?: string;
  /** In wei. */
  eth: string;
  usdc: string;
  usdt: string;
}

/** The answer of GET /sandbox/entities. */
export interface Inspection {
  entities: InspectedEntity[];
  wallets: InspectedWallet[];
}

function ownerOf(id: Hex): { persona: { id: string; name: string }; label: string } | undefined {
  for (const { id: personaId, name, entities } of PERSONAS) {
    const own = entities.find(({ details }) => toHex(details.SaleSpecificEntityID) === toHex(id));
    if (own) return { persona: { id: personaId, name }, label: own.details.Label || "(no label)" };
  }
  return undefined;
}

type Row = Awaited<ReturnType<ChainControl["reader"]["entityStates"]>>[number];

function amounts(rows: Row["walletStates"][number]["committedAmountByToken"]): Amounts {
  const of = (token: Address) => (rows.find((row) => row.token === token)?.amount ?? 0n).toString();
  return { usdc: of(SANDBOX_TOKENS.usdc), usdt: of(SANDBOX_TOKENS.usdt) };
}

function inspectEntity({ entityID, currentBid, refunded, walletStates }: Row): InspectedEntity {
  return {
    ...(ownerOf(entityID) ?? { label: "of no persona" }),
    id: entityID,
    bid: { price: `${currentBid.price}`, amount: `${currentBid.amount}`, lockup: currentBid.lockup },
    refunded,
    wallets: walletStates.map(({ addr, committedAmountByToken, acceptedAmountByToken }) => ({
      address: addr,
      label: accountLabel(addr),
      committed: amounts(committedAmountByToken),
      accepted: amounts(acceptedAmountByToken),
    })),
  };
}

/** GET /sandbox/entities: the entities that have bid, and the accounts of the test wallet with their balances and holders. */
export async function inspectEntities(echo: Echo): Promise<Answer> {
  const inspection = await onChain(echo, async ({ reader }): Promise<Inspection> => {
    const entities = (await reader.entityStates()).map(inspectEntity);
    const held = entities.flatMap(({ label, wallets }) => wallets.map(({ address }) => [address, label] as const));
    const holders = new Map(held);
    const listed = [...new Set([...FUNDED_WALLETS, EMPTY_WALLET, ...holders.keys()])];
    const balances = await reader.balances(listed);
    const wallets = balances.map(({ address, eth, usdc, usdt }) => {
      const holder = holders.get(address);
      const facts = { address, label: accountLabel(address), eth: `${eth}`, usdc: `${usdc}`, usdt: `${usdt}` };
      return holder === undefined ? facts : { ...facts, holder };
    });
    return { entities, wallets };
  });
  return json(inspection);
}

/**
 * GET /sandbox/permit?persona=ada: the answers that Echo would give to each of the persona's entities now, with its own account or `&wallet=`:
 * the check before a purchase, and the permit without its signature.
 */
export async function inspectPermit(echo: Echo, { query }: SandboxRequest): Promise<Answer> {
  const persona = findPersona(query.get("persona") ?? "");
  if (!persona) throw invalidField("persona", "must be the id of a persona");
  const wallet = query.get("wallet") ?? accountOf(persona) ?? EMPTY_WALLET;
  if (!/^0x[0-9a-f]{40}$/i.test(wallet)) throw invalidField("wallet", "must be 0x and 40 hex digits");
  const now = await echo.chain.time();
  const { time: anchor, kind } = echo.anchor;
  const answers = persona.entities.map((entity) => {
    const wanted = { entity, wallet, saleUuid: SANDBOX_SALE_UUID, now, anchor, kind };
    return {
      entity: entity.details.Label,
      check: checkOf(echo, { persona, entity, wallet }, now),
      permit: permitOnTheWire(buildPermit(wanted), wanted),
    };
  });
  return json({ wallet, answers });
}
