import type { Address } from "viem";
import type { SandboxToken } from "../../lib/config/sandbox";

/** Deploys the sale and has all of its operator roles. Development account 0. */
export const OPERATOR: Address = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

/** Buyers' accounts with 100,000 of each payment token. Development accounts 1 to 4 and 6 to 8. */
export const FUNDED_WALLETS: readonly Address[] = [
  "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
  "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
  "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
  "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
  "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
  "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
];

/** An account that can pay for gas and has no payment token. Development account 9. */
export const EMPTY_WALLET: Address = "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720";

/** The payment tokens. Their addresses follow from the order: the operator deploys them first and second on a new chain. */
export const SANDBOX_TOKENS: Readonly<Record<SandboxToken, Address>> = {
  usdc: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  usdt: "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512",
};

/** Multicall3, at the address that it has on every chain: apps on wagmi or viem batch their reads through it. */
export const MULTICALL: Address = "0xcA11bde05977b3631167028862bE2a173976CA11";

/** The sale's stages. The index is the stage's number in version 2 of the contract (sonar.md 4.1). */
export const STAGE_NAMES = ["PreOpen", "Commitment", "Cancellation", "Settlement", "Done"] as const;

/** The name of a stage of the sale. */
export type SaleStage = (typeof STAGE_NAMES)[number];
