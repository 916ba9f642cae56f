import "server-only";
import { isAddress } from "viem/utils";
import { z } from "zod";

/**
 * An EntityID, as Sonar sends it and a client repeats it. It is opaque (sonar.md 2.1), so any text of limited length without control
 * characters is accepted. The user's own list tells if the entity is theirs.
 */
export const entityIDSchema = z.string().regex(/^\P{Cc}{1,256}$/u);

/** An EVM address, all lower case or with a right checksum: a mistyped one is caught before it is bound to a permit. */
const walletAddress = z
  .string()
  .max(42)
  .refine((value): boolean => isAddress(value));

/** For actions without input; anything that a client adds, such as a sale UUID, is dropped. */
export const noInput: z.ZodType<object> = z.object({});

/** One of the user's entities, by id, or by a linked wallet where Echo has enabled that for the sale. */
export const entityInput = z.union([z.object({ entityID: entityIDSchema }), z.object({ walletAddress })]);

/** One of the user's entities and the wallet that will pay. */
export const purchaseInput = z.object({ entityID: entityIDSchema, walletAddress });

/** The contract that a page was made for; see `isOtherContract`. */
const saleContract = z
  .object({ chainId: z.number().int().positive(), contract: walletAddress, priceTick: z.string().max(100).optional() })
  .optional();

/** The same, for a permit. `purpose`: absent for a permit that will be sent; "form" for one that only shows bounds and window. */
export const permitInput = purchaseInput.extend({ purpose: z.literal("form").optional(), sale: saleContract });

/** The version of the terms that the page shows, and the entity that they are accepted for. */
export const termsInput = z.object({ entityID: entityIDSchema, version: z.string().min(1).max(64) });

/** The block that an address names, which whoever opens it may have changed; undefined for none. */
export function blockInAddress(text: unknown): number | undefined {
  return typeof text === "string" && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The answer must come from this block or a later one. */
export const positionsInput = z.object({ atBlock: z.number().int().nonnegative().optional(), sale: saleContract });
