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

/**
 * Accounts that no persona shares with another: each has one from the start. Development accounts 10 to 49, with 100,000 of each payment
 * token too. A node of another program may have fewer.
 */
export const PERSONA_WALLETS: readonly Address[] = [
  "0xBcd4042DE499D14e55001CcbB24a551F3b954096",
  "0x71bE63f3384f5fb98995898A86B02Fb2426c5788",
  "0xFABB0ac9d68B0B445fB7357272Ff202C5651694a",
  "0x1CBd3b2770909D4e10f157cABC84C7264073C9Ec",
  "0xdF3e18d64BC6A983f673Ab319CCaE4f1a57C7097",
  "0xcd3B766CCDd6AE721141F452C550Ca635964ce71",
  "0x2546BcD3c84621e976D8185a91A922aE77ECEc30",
  "0xbDA5747bFD65F08deb54cb465eB87D40e51B197E",
  "0xdD2FD4581271e230360230F9337D5c0430Bf44C0",
  "0x8626f6940E2eb28930eFb4CeF49B2d1F2C9C1199",
  "0x09DB0a93B389bEF724429898f539AEB7ac2Dd55f",
  "0x02484cb50AAC86Eae85610D6f4Bf026f30f6627D",
  "0x08135Da0A343E492FA2d4282F2AE34c6c5CC1BbE",
  "0x5E661B79FE2D3F6cE70F5AAC07d8Cd9abb2743F1",
  "0x61097BA76cD906d2ba4FD106E757f7Eb455fc295",
  "0xDf37F81dAAD2b0327A0A50003740e1C935C70913",
  "0x553BC17A05702530097c3677091C5BB47a3a7931",
  "0x87BdCE72c06C21cd96219BD8521bDF1F42C78b5e",
  "0x40Fc963A729c542424cD800349a7E4Ecc4896624",
  "0x9DCCe783B6464611f38631e6C851bf441907c710",
  "0x1BcB8e569EedAb4668e55145Cfeaf190902d3CF2",
  "0x8263Fce86B1b78F95Ab4dae11907d8AF88f841e7",
  "0xcF2d5b3cBb4D7bF04e3F7bFa8e27081B52191f91",
  "0x86c53Eb85D0B7548fea5C4B4F82b4205C8f6Ac18",
  "0x1aac82773CB722166D7dA0d5b0FA35B0307dD99D",
  "0x2f4f06d218E426344CFE1A83D53dAd806994D325",
  "0x1003ff39d25F2Ab16dBCc18EcE05a9B6154f65F4",
  "0x9eAF5590f2c84912A08de97FA28d0529361Deb9E",
  "0x11e8F3eA3C6FcF12EcfF2722d75CEFC539c51a1C",
  "0x7D86687F980A56b832e9378952B738b614A99dc6",
  "0x9eF6c02FB2ECc446146E05F1fF687a788a8BF76d",
  "0x08A2DE6F3528319123b25935C92888B16db8913E",
  "0xe141C82D99D85098e03E1a1cC1CdE676556fDdE0",
  "0x4b23D303D9e3719D6CDf8d172Ea030F80509ea15",
  "0xC004e69C5C04A223463Ff32042dd36DabF63A25a",
  "0x5eb15C0992734B5e77c888D713b4FC67b3D679A2",
  "0x7Ebb637fd68c523613bE51aad27C35C4DB199B9c",
  "0x3c3E2E178C69D4baD964568415a0f0c84fd6320A",
  "0x35304262b9E87C00c430149f28dD154995d01207",
  "0xD4A1E660C916855229e1712090CcfD8a424A2E33",
];

/** The development accounts that the sandbox's node has: those above, the operator, the permits' signer and the empty one. */
export const NODE_ACCOUNTS = 10 + PERSONA_WALLETS.length;

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
