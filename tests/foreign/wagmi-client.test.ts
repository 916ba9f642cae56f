import {
  APIError,
  buildAuthorizationUrl,
  createClient,
  generatePKCEParams,
  type BasicPermitV3,
  type GeneratePurchasePermitResponse,
  type SonarClient,
} from "@echoxyz/sonar-core";
import { erc20Abi, http, parseAbi, type Hex } from "viem";
import { baseSepolia } from "viem/chains";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createConfig, mock, type Config } from "wagmi";
import { connect, getConnection, readContracts, waitForTransactionReceipt, writeContract } from "wagmi/actions";
import { startForeignSandbox, type ForeignSandbox } from "./sandbox-process";

/** The sale as Echo documents it, in the words of this client. */
const settlementSale = parseAbi([
  "struct Bid { bool lockup; uint64 price; uint256 amount; }",
  "struct Permit { bytes16 saleSpecificEntityID; bytes16 saleUUID; address wallet; uint64 expiresAt; uint256 minAmount; uint256 maxAmount; uint64 minPrice; uint64 maxPrice; uint64 opensAt; uint64 closesAt; bytes payload; }",
  "struct TokenAmount { address token; uint256 amount; }",
  "struct WalletState { address addr; bytes16 entityID; TokenAmount[] committed; TokenAmount[] cancelled; TokenAmount[] accepted; }",
  "struct EntityState { bytes16 entityID; uint32 bidTimestamp; bool refunded; Bid currentBid; WalletState[] wallets; }",
  "function replaceBidWithApproval(address token, Bid bid, Permit permit, bytes signature)",
  "function cancelBid()",
  "function entityStatesByIDs(bytes16[] ids) view returns (EntityState[])",
  "function walletStatesByAddresses(address[] wallets) view returns (WalletState[])",
  "function stage() view returns (uint8)",
]);

const REDIRECT_URI = "http://localhost:5173/callback";
/** An account of the sandbox that has tokens. */
const BUYER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const UNIT = 1_000_000n;

let sandbox: ForeignSandbox;
let config: Config;
/** The contracts that were called, one entry for each request to the node. */
const called: string[] = [];

/** Notes where a request goes, as a network tab does. */
async function note(request: Request): Promise<void> {
  const { method, params } = JSON.parse(await request.clone().text());
  if (method === "eth_call") called.push(params[0].to.toLowerCase());
}

beforeAll(async () => {
  sandbox = await startForeignSandbox(REDIRECT_URI, baseSepolia.id);
  const { rpcUrl } = sandbox;
  const chain = { ...baseSepolia, rpcUrls: { default: { http: [rpcUrl] } } } as const;
  config = createConfig({
    chains: [chain],
    transports: { [chain.id]: http(rpcUrl, { onFetchRequest: note }) },
    connectors: [mock({ accounts: [BUYER] })],
    pollingInterval: 100,
  });
});
afterAll(() => sandbox.stop());

/** The fields of the consent page as a browser would send them: hidden ones, and the persona that is chosen at first. */
function fieldsOf(page: string): URLSearchParams {
  const inputs = [...page.matchAll(/<input\b[^>]*>/g)].map(([input]) => input);
  const attribute = (input: string, name: string) => new RegExp(`${name}="([^"]*)"`).exec(input)?.[1] ?? "";
  const sent = inputs.filter((input) => attribute(input, "type") === "hidden" || / checked\b/.test(input));
  return new URLSearchParams(sent.map((input) => [attribute(input, "name"), attribute(input, "value")]));
}

/** Signs in as in sonar-core's documentation, with the consent page filled in. */
async function signIn(): Promise<SonarClient> {
  const { codeVerifier, codeChallenge, state } = await generatePKCEParams();
  const authorize = buildAuthorizationUrl({
    clientUUID: sandbox.clientUUID,
    redirectURI: REDIRECT_URI,
    state,
    codeChallenge,
    frontendURL: sandbox.origin,
  });
  const form = fieldsOf(await (await fetch(authorize)).text());
  form.set("decision", "approve");
  const decided = await fetch(new URL(authorize.pathname, authorize), {
    method: "POST",
    body: form,
    redirect: "manual",
  });
  const back = new URL(decided.headers.get("location") ?? "");
  expect(back.href).toContain(REDIRECT_URI);
  expect(back.searchParams.get("state")).toBe(state);
  const client = createClient({ apiURL: sandbox.origin });
  const code = back.searchParams.get("code") ?? "";
  const { access_token } = await client.exchangeAuthorizationCode({ code, codeVerifier, redirectURI: REDIRECT_URI });
  client.setToken(access_token);
  return client;
}

interface Buyer {
  client: SonarClient;
  entityID: string;
  saleSpecificEntityID: Hex;
}

async function firstEntity(): Promise<Buyer> {
  const client = await signIn();
  const { Entities } = await client.listAvailableEntities({ saleUUID: sandbox.saleUUID });
  const [entity] = Entities;
  if (!entity) throw new Error("The first persona has no entity");
  return { client, entityID: entity.EntityID, saleSpecificEntityID: entity.SaleSpecificEntityID };
}

function isV3(permit: GeneratePurchasePermitResponse["PermitJSON"]): permit is BasicPermitV3 {
  return "OpensAt" in permit;
}

/** Position, balance and stage in one batch. */
async function look(saleSpecificEntityID: Hex) {
  const sale = { address: sandbox.sale, abi: settlementSale } as const;
  const [states, wallets, balance, stage] = await readContracts(config, {
    allowFailure: false,
    contracts: [
      { ...sale, functionName: "entityStatesByIDs", args: [[saleSpecificEntityID]] },
      { ...sale, functionName: "walletStatesByAddresses", args: [[BUYER]] },
      { address: sandbox.usdc, abi: erc20Abi, functionName: "balanceOf", args: [BUYER] },
      { ...sale, functionName: "stage" },
    ],
  });
  const [state] = states;
  return { bid: state?.currentBid, refunded: state?.refunded, wallet: wallets[0], balance, stage };
}

async function mined(hash: Hex): Promise<void> {
  const { status } = await waitForTransactionReceipt(config, { hash });
  expect(status).toBe("success");
}

/** Raises the entity's total as Echo's examples do: allowance, a fresh permit, a bid at price 0. */
async function commitTotal({ client, entityID }: Buyer, total: bigint, added: bigint): Promise<void> {
  const { saleUUID, sale, usdc } = sandbox;
  const check = await client.prePurchaseCheck({ saleUUID, entityID, walletAddress: BUYER });
  expect(check.ReadyToPurchase).toBe(true);
  const approval = { address: usdc, abi: erc20Abi, functionName: "approve", args: [sale, added] } as const;
  await mined(await writeContract(config, approval));
  const { PermitJSON, Signature } = await client.generatePurchasePermit({ saleUUID, entityID, walletAddress: BUYER });
  if (!isV3(PermitJSON)) throw new Error("An older kind of permit");
  const permit = {
    saleSpecificEntityID: PermitJSON.SaleSpecificEntityID,
    saleUUID: PermitJSON.SaleUUID,
    wallet: PermitJSON.Wallet,
    expiresAt: BigInt(PermitJSON.ExpiresAt),
    minAmount: BigInt(PermitJSON.MinAmount),
    maxAmount: BigInt(PermitJSON.MaxAmount),
    minPrice: BigInt(PermitJSON.MinPrice),
    maxPrice: BigInt(PermitJSON.MaxPrice),
    opensAt: BigInt(PermitJSON.OpensAt),
    closesAt: BigInt(PermitJSON.ClosesAt),
    payload: PermitJSON.Payload,
  };
  const bid = { lockup: false, price: 0n, amount: total };
  const purchase = {
    address: sale,
    abi: settlementSale,
    functionName: "replaceBidWithApproval",
    args: [usdc, bid, permit, Signature],
  } as const;
  await mined(await writeContract(config, purchase));
}

describe("a wagmi client for Base Sepolia, with the sandbox's node for its transport", () => {
  let buyer: Buyer;

  it("connects a wallet that is on that chain", async () => {
    const [connector] = config.connectors;
    if (!connector) throw new Error("There is no connector");
    await connect(config, { connector });
    expect(getConnection(config)).toMatchObject({ status: "connected", chainId: baseSepolia.id, address: BUYER });
    expect(sandbox.chainId).toBe(baseSepolia.id);
  });

  it("signs in with PKCE as the first persona, and sees its entity", async () => {
    buyer = await firstEntity();
    expect(buyer.saleSpecificEntityID).toMatch(/^0x[0-9a-f]{32}$/);
  });

  it("buys at price 0", async () => {
    await commitTotal(buyer, 250n * UNIT, 250n * UNIT);
    expect((await look(buyer.saleSpecificEntityID)).bid).toEqual({ lockup: false, price: 0n, amount: 250n * UNIT });
  });

  it("adds to what it has read in a batch, so that the total is both together", async () => {
    const before = await look(buyer.saleSpecificEntityID);
    const added = 40n * UNIT;
    await commitTotal(buyer, (before.bid?.amount ?? 0n) + added, added);
    const after = await look(buyer.saleSpecificEntityID);
    expect(after.bid?.amount).toBe(290n * UNIT);
    expect(after.wallet?.committed).toContainEqual({ token: sandbox.usdc, amount: 290n * UNIT });
    expect(before.balance - after.balance).toBe(added);
  });

  it("has read everything through Multicall3", () => {
    expect(new Set(called)).toEqual(new Set([sandbox.multicall.toLowerCase()]));
  });

  it("is listed by Echo with its price and its total", async () => {
    await sandbox.control("PUT", "listing-delay", { seconds: 0 });
    const { Commitments } = await buyer.client.readCommitmentData({ saleUUID: sandbox.saleUUID });
    expect(Commitments[0]).toMatchObject({
      SaleSpecificEntityID: buyer.saleSpecificEntityID,
      Amounts: [{ Amount: String(290n * UNIT) }],
    });
  });

  it("cancels once the operator has opened cancellation, and has its tokens back", async () => {
    const before = await look(buyer.saleSpecificEntityID);
    await sandbox.control("PUT", "chain/stage", { stage: "Cancellation" });
    await mined(await writeContract(config, { address: sandbox.sale, abi: settlementSale, functionName: "cancelBid" }));
    const after = await look(buyer.saleSpecificEntityID);
    expect(after).toMatchObject({ refunded: true, stage: 2, bid: { amount: 0n } });
    expect(after.balance - before.balance).toBe(290n * UNIT);
  });

  it("is told by Echo that its token has ended, in sonar-core's error", async () => {
    await sandbox.control("POST", "expire-access-tokens", {});
    const error = await buyer.client.myProfile().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status: 401 });
  });
});
