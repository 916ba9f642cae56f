import { describe, expect, it } from "vitest";
import { checkEnv, type Env } from "@/lib/config/env";
import { publicSettings } from "@/lib/config/public-settings";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE } from "@/lib/config/sandbox";
import { liveEnvironment, sandboxHere } from "@/tests/support/live-environment";

const production = liveEnvironment;
const CONTRACT = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const onBase = { ...production, SALE_CHAIN_ID: "8453", SALE_CONTRACT_ADDRESS: CONTRACT };
const onUnknown = { ...onBase, SALE_CHAIN_ID: "987654321" };
const WITH_KEY = "https://rpc.example.com/v2/secret-key";
const OPEN = "https://open.example.com";

function envOf(source: Record<string, string>): Env {
  const check = checkEnv(source);
  if (!check.ok) throw new Error(JSON.stringify(check.problems));
  return check.env;
}

function problemsOf(source: Record<string, string>): string[] {
  const check = checkEnv(source);
  return check.ok ? [] : check.problems.map(({ variable, problem }) => `${variable} ${problem}`);
}

describe("a chain that viem lists", () => {
  it("needs its number and the contract, and is reached over its public RPC", () => {
    const chain = envOf(onBase).chain;
    expect(chain?.facts).toMatchObject({
      chainId: 8453,
      chainName: "Base",
      nativeCurrency: { symbol: "ETH", decimals: 18 },
      contract: CONTRACT,
      explorerUrl: "https://basescan.org",
      sandboxWallet: false,
    });
    expect(chain?.rpcUrls).toEqual(["https://mainnet.base.org"]);
    expect(chain?.facts.rpcUrls).toEqual(chain?.rpcUrls);
  });

  it("is reached over the RPC URLs that are set, in their order", () => {
    const { chain } = envOf({ ...onBase, RPC_URLS: `${WITH_KEY}, https://b.example.com`, PUBLIC_RPC_URLS: OPEN });
    expect(chain?.rpcUrls).toEqual([WITH_KEY, "https://b.example.com"]);
    expect(chain?.facts.rpcUrls).toEqual([OPEN]);
  });

  it("shows links to the explorer that is set instead of its own", () => {
    const env = envOf({ ...onBase, EXPLORER_URL: "https://scan.example.com" });
    expect(env.chain?.facts.explorerUrl).toBe("https://scan.example.com");
  });
});

describe("the server's own RPC URLs", () => {
  it("never become public ones, whatever is not set", () => {
    expect(envOf({ ...onBase, RPC_URLS: WITH_KEY }).chain?.facts.rpcUrls).toEqual(["https://mainnet.base.org"]);
  });

  it("are not among the settings that browsers get", () => {
    const settings = publicSettings(envOf({ ...onBase, RPC_URLS: WITH_KEY }));
    expect(JSON.stringify(settings)).not.toContain("secret-key");
    expect(settings.chain?.contract).toBe(CONTRACT);
  });
});

describe("a chain that viem does not list", () => {
  it("needs RPC URLs for the server and for browsers", () => {
    expect(problemsOf(onUnknown)).toEqual([
      expect.stringContaining("RPC_URLS is missing"),
      expect.stringContaining("PUBLIC_RPC_URLS is missing"),
    ]);
    expect(problemsOf({ ...onUnknown, RPC_URLS: WITH_KEY })).toHaveLength(1);
  });

  it("goes by its number", () => {
    const { chain } = envOf({ ...onUnknown, RPC_URLS: WITH_KEY, PUBLIC_RPC_URLS: OPEN });
    expect(chain?.facts).toMatchObject({ chainName: "Chain 987654321", rpcUrls: [OPEN] });
    expect(chain?.facts).not.toHaveProperty("explorerUrl");
  });
});

describe("the sale's contract", () => {
  it("needs the number of its chain", () => {
    expect(problemsOf({ ...production, SALE_CONTRACT_ADDRESS: CONTRACT })).toEqual([
      expect.stringContaining("SALE_CHAIN_ID is missing"),
    ]);
  });

  it("may be announced later than its chain; until then there is no chain to read", () => {
    expect(envOf({ ...production, SALE_CHAIN_ID: "8453" }).chain).toBeUndefined();
    expect(envOf(production).chain).toBeUndefined();
  });

  it("is refused where its checksum does not fit, and taken in lower case", () => {
    expect(problemsOf({ ...onBase, SALE_CONTRACT_ADDRESS: CONTRACT.replace("5aA", "5aa") })).toEqual([
      expect.stringContaining("SALE_CONTRACT_ADDRESS is mistyped"),
    ]);
    const lowerCase = envOf({ ...onBase, SALE_CONTRACT_ADDRESS: CONTRACT.toLowerCase() });
    expect(lowerCase.chain?.facts.contract).toBe(CONTRACT);
  });
});

describe("in the sandbox", () => {
  const sandbox = { ...onBase, ...sandboxHere, SANDBOX_PORT: "4999" };

  it("the chain is the sandbox's own, whatever the sale's variables say", () => {
    const { chain } = envOf(sandbox);
    expect(chain?.facts).toMatchObject({
      chainId: SANDBOX_DEFAULT_CHAIN_ID,
      contract: SANDBOX_SALE,
      priceTick: "0.0215",
      sandboxWallet: true,
      rpcUrls: ["http://127.0.0.1:5000"],
    });
    expect(chain?.rpcUrls).toEqual(["http://127.0.0.1:5000"]);
  });

  it("SANDBOX_CHAIN_ID is the id of its chain, for the node, the app and the wallet alike", () => {
    const env = envOf({ ...sandbox, SANDBOX_CHAIN_ID: "84532" });
    expect([env.chain?.facts.chainId, env.sandbox?.chainId]).toEqual([84_532, 84_532]);
    expect(envOf({ ...sandbox, SANDBOX_CHAIN_ID: "9007199254740991" }).sandbox?.chainId).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each(["0", "-1", "1.5", "0x14a34", "base", "9007199254740992", "1e5"])("SANDBOX_CHAIN_ID refuses %s", (value) => {
    expect(problemsOf({ ...sandbox, SANDBOX_CHAIN_ID: value })).toEqual([
      "SANDBOX_CHAIN_ID must be a whole number from 1 to 9007199254740991",
    ]);
  });

  it.each([
    [{}, ["usdc", "usdt"]],
    [{ SANDBOX_PAYMENT_TOKENS: "USDT,USDC" }, ["usdt", "usdc"]],
    [{ SANDBOX_PAYMENT_TOKENS: "usdt" }, ["usdt"]],
    [{ SANDBOX_PAYMENT_TOKENS: "USDC, USDT" }, ["usdc", "usdt"]],
  ])("with %o, the sale takes %o", (more, tokens) => {
    expect(envOf({ ...sandbox, ...more }).sandbox?.paymentTokens).toEqual(tokens);
  });

  it.each(["DAI", "USDC,DAI", "USDC,USDC", "USDC,", "usdc usdt"])("SANDBOX_PAYMENT_TOKENS refuses %s", (value) => {
    expect(problemsOf({ ...sandbox, SANDBOX_PAYMENT_TOKENS: value })).toEqual([
      "SANDBOX_PAYMENT_TOKENS must be USDC,USDT or USDT,USDC or one of the two",
    ]);
  });

  it("SANDBOX_HOSTS are host names without scheme and port, and never those of a public demo", () => {
    expect(envOf(sandbox).sandbox?.hosts).toEqual([]);
    const named = { ...sandbox, SANDBOX_HOSTS: "Sandbox, host.docker.internal" };
    expect(envOf(named).sandbox?.hosts).toEqual(["sandbox", "host.docker.internal"]);
    for (const value of ["http://sandbox", "sandbox:4010", "sandbox,", "*", "a b", "sandbox/"])
      expect(problemsOf({ ...sandbox, SANDBOX_HOSTS: value })).toEqual([
        "SANDBOX_HOSTS must be a host name without scheme and port, or several separated by commas",
      ]);
    expect(problemsOf({ ...named, SANDBOX_DEMO: "1" })).toEqual([
      "SANDBOX_DEMO needs SANDBOX_HOSTS unset: a demo's ports stay on this machine",
    ]);
  });

  it("the variables of a real sale have no effect, and are named", () => {
    expect(envOf(sandbox).sandbox?.ignored).toEqual([
      "SALE_CHAIN_ID",
      "SALE_CONTRACT_ADDRESS",
      "SONAR_CLIENT_UUID",
      "SONAR_SALE_UUID",
    ]);
    const first = { ...sandbox, SALE_FROM_BLOCK: "5" };
    expect(envOf(first).sandbox?.ignored).toContain("SALE_FROM_BLOCK");
    expect(envOf(first).chain?.fromBlock).toBeUndefined();
    const { SONAR_CLIENT_UUID: _client, SONAR_SALE_UUID: _sale, ...rest } = production;
    expect(envOf({ ...rest, ...sandboxHere, SALE_PRICE_TICK: "0.5" }).sandbox?.ignored).toEqual([]);
  });

  it("RPC_URLS of this machine means another node for server and browsers alike: nothing about it is secret", () => {
    const { chain } = envOf({ ...sandbox, RPC_URLS: "http://127.0.0.1:7000" });
    expect([chain?.rpcUrls, chain?.facts.rpcUrls]).toEqual([["http://127.0.0.1:7000"], ["http://127.0.0.1:7000"]]);
  });

  it("RPC_URLS of another machine are never told to browsers: a demo may run over a live environment", () => {
    const live = { ...sandbox, RPC_URLS: WITH_KEY };
    expect(problemsOf(live)).toEqual([expect.stringContaining("PUBLIC_RPC_URLS is missing")]);
    const { chain } = envOf({ ...live, PUBLIC_RPC_URLS: OPEN });
    expect([chain?.rpcUrls, chain?.facts.rpcUrls]).toEqual([[WITH_KEY], [OPEN]]);
  });
});

it.each([
  ["RPC_URLS", "http://rpc.example.com"],
  ["RPC_URLS", "wss://rpc.example.com"],
  ["PUBLIC_RPC_URLS", `${OPEN},`],
  ["PUBLIC_RPC_URLS", `${OPEN} ${OPEN}/2`],
  ["SALE_PRICE_TICK", "0.0"],
  ["SALE_PRICE_TICK", "-1"],
  ["SALE_PRICE_TICK", "0,0215"],
  ["SALE_PRICE_TICK", "free"],
])("%s refuses %s", (variable, value) => {
  expect(problemsOf({ ...onBase, [variable]: value })).toEqual([expect.stringContaining(`${variable} must be`)]);
});

it("SALE_FROM_BLOCK is a block's number", () => {
  expect(envOf({ ...onBase, SALE_FROM_BLOCK: "12345678" }).chain?.fromBlock).toBe(12_345_678);
  expect(envOf(onBase).chain?.fromBlock).toBeUndefined();
  for (const value of ["-1", "0x5", "1e3", "latest"])
    expect(problemsOf({ ...onBase, SALE_FROM_BLOCK: value })).toEqual([
      expect.stringContaining("SALE_FROM_BLOCK must be a whole number"),
    ]);
});

it("SALE_PRICE_TICK keeps its text", () => {
  expect(envOf({ ...onBase, SALE_PRICE_TICK: "0.0215" }).chain?.facts).toMatchObject({ priceTick: "0.0215" });
});

describe("an id or address in the environment", () => {
  const uuid = production.SONAR_SALE_UUID;
  const bare = uuid.replaceAll("-", "");

  it.each([bare, `0x${bare}`, `0X${bare.toUpperCase()}`, uuid.toUpperCase(), `  ${uuid} `, `0x${uuid}`])(
    "is a UUID in lower case, however it was copied: %s",
    (copied) => {
      const { sonar } = envOf({ ...production, SONAR_SALE_UUID: copied, SONAR_CLIENT_UUID: copied });
      expect([sonar.saleUUID, sonar.clientUUID]).toEqual([uuid, uuid]);
    },
  );

  it("may lack 0x, and its capitals are a checksum only beside small letters", () => {
    const address = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
    const digits = address.slice(2);
    for (const copied of [
      digits,
      digits.toLowerCase(),
      digits.toUpperCase(),
      `0X${digits.toUpperCase()}`,
      ` ${address}`,
    ])
      expect(envOf({ ...onBase, SALE_CONTRACT_ADDRESS: copied }).chain?.facts.contract, copied).toBe(address);
    expect(problemsOf({ ...onBase, SALE_CONTRACT_ADDRESS: digits.replace("A", "a") }).join()).toContain("mistyped");
  });
});

describe("WalletConnect", () => {
  const projectId = "0123456789abcdef0123456789ABCDEF";

  it("is off without a project, and browsers get its id", () => {
    expect(publicSettings(envOf(onBase)).chain?.walletConnect).toBeUndefined();
    const { chain } = publicSettings(envOf({ ...onBase, WALLETCONNECT_PROJECT_ID: projectId }));
    expect(chain?.walletConnect).toEqual({ projectId: projectId.toLowerCase() });
  });

  it("uses a relay of one's own that is reached safely", () => {
    const own = { ...onBase, APP_URL: "http://localhost:3000", WALLETCONNECT_PROJECT_ID: projectId };
    for (const relayUrl of ["wss://relay.example.com/v1", "ws://127.0.0.1:4010"])
      expect(envOf({ ...own, WALLETCONNECT_RELAY_URL: relayUrl }).chain?.facts.walletConnect).toMatchObject({
        relayUrl,
      });
  });

  it.each<Record<string, string>>([
    { WALLETCONNECT_PROJECT_ID: "0123456789abcdef" },
    { WALLETCONNECT_PROJECT_ID: "your-project-id" },
    { WALLETCONNECT_RELAY_URL: "wss://relay.example.com" },
    { WALLETCONNECT_PROJECT_ID: projectId, WALLETCONNECT_RELAY_URL: "ws://relay.example.com" },
    { WALLETCONNECT_PROJECT_ID: projectId, WALLETCONNECT_RELAY_URL: "https://relay.example.com" },
    { WALLETCONNECT_PROJECT_ID: projectId, WALLETCONNECT_RELAY_URL: "wss://user:word@relay.example.com" },
  ])("is told what is wrong: %o", (settings) => {
    const [problem = "", ...others] = problemsOf({ ...onBase, ...settings });
    expect(problem).toMatch(/^WALLETCONNECT_/);
    expect(others).toEqual([]);
  });
});
