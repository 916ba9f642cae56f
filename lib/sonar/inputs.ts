import "server-only";
import { z } from "zod";
import { isAddress } from "viem/utils";

/**
 * An EntityID as Sonar gives it and a client repeats it. It is opaque (sonar.md 2.1), so any text will do; whose it is, the user's own list
 * says. Without control characters, and not endless.
 */
export const entityIDSchema = z.string().regex(/^\P{Cc}{1,256}$/u);

/** An EVM address, all lower case or with a right checksum: a mistyped one is caught before it is bound to a permit. */
const walletAddress = z
  .string()
  .max(42)
  .refine((value): boolean => isAddress(value));

/** For actions that take nothing; whatever a client adds (a sale UUID, say) is dropped. */
export const noInput = z.object({});

/** One of the user's entities, by id, or by a linked wallet where Echo has enabled that for the sale. */
export const entityInput = z.union([z.object({ entityID: entityIDSchema }), z.object({ walletAddress })]);

/** One of the user's entities and the wallet that is to pay. */
export const purchaseInput = z.object({ entityID: entityIDSchema, walletAddress });

/** Likewise, for a permit. `purpose`: absent for one that is to be sent; "form" for one that only tells bounds and window. */
export const permitInput = purchaseInput.extend({ purpose: z.literal("form").optional() });

/** The block that the answer must not be older than. */
export const positionsInput = z.object({ atBlock: z.number().int().nonnegative().optional() });
