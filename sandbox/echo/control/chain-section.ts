import { EMPTY_WALLET, FUNDED_WALLETS, PERSONA_WALLETS, SANDBOX_TOKENS, STAGE_NAMES } from "../../chain/chain-facts";
import { SANDBOX_SALE } from "../../../lib/config/sandbox";
import { DEFAULT_LISTING_DELAY } from "../chain-link";
import { accountLabel } from "../personas/accounts";
import { PERSONAS } from "../personas/all-personas";
import type { PanelSection } from "../../control/control-panel";
import { choice, field, number, select, html, type Html } from "../../pages/html";

/** The script of the panel's section about the sale, as text. It follows the panel's own script and uses its functions. */
const CHAIN_SECTION_SCRIPT = `
const put = (name, text) => {
  const place = document.querySelector('[data-fact="' + name + '"]');
  if (place.textContent !== text) place.textContent = text;
};
const moment = (seconds) => new Date(seconds * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

function amount(smallest) {
  const digits = smallest.padStart(7, "0");
  const decimals = digits.slice(-6).replace(/0{1,4}$/, "");
  return BigInt(digits.slice(0, -6)).toLocaleString() + "." + decimals;
}

function distance(seconds) {
  if (seconds < 60) return "in step with the wall clock";
  const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"]].find(([size]) => seconds >= size);
  const count = Math.round((seconds / size) * 10) / 10;
  return count + " " + unit + (count === 1 ? "" : "s") + " ahead";
}

let chain;
function drawChain(state) {
  const fieldOf = (path, name) => document.querySelector('[data-put="' + path + '"]').elements[name];
  sync("stage", fieldOf("chain/stage", "stage"), state.stage);
  sync("kind", fieldOf("sale-kind", "kind"), state.kind);
  sync("wallets", fieldOf("chain/max-wallets", "count"), String(state.maxWalletsPerEntity));
  sync("delay", fieldOf("listing-delay", "seconds"), String(state.listingDelay));
  chain = state;
  put("stage", state.stage + (state.paused ? ", paused" : ""));
  put("kind", state.kind === "auction" ? "auction" : "fixed price");
  put("clock", moment(state.time) + ", " + distance(state.ahead));
  put("committed", amount(state.totalCommitted) + " by " + state.entities + (state.entities === 1 ? " entity" : " entities"));
  put("settled", amount(state.totalAccepted) + ", " + amount(state.totalRefunded));
  put("window", moment(state.window.opensAt) + " to " + moment(state.window.closesAt) + (state.time < state.window.closesAt ? "" : " (over)"));
  put("blocked", blockedText(state.blockedWallets));
  for (const flag of document.querySelectorAll("[data-flag]")) flag.checked = state[flag.dataset.flag];
  for (const button of document.querySelectorAll("[data-ahead]")) button.disabled = secondsTo(button.dataset.ahead) < 1;
}

function blockedText(rows) {
  return rows.map(({ token, wallet }) => wallet.slice(0, 8) + "…" + wallet.slice(-6) + " in " + token.toUpperCase()).join(", ") || "none";
}

/** Seconds from the chain's clock to a named moment, or the number itself. */
function secondsTo(target) {
  const { window, laterWindow, time } = chain;
  const moments = { opening: laterWindow.opensAt, beforeClose: window.closesAt - 60, past: window.closesAt };
  return target in moments ? moments[target] - time : Number(target);
}

async function refreshChain() {
  let problem = "";
  try {
    drawChain(await call("GET", "chain"));
  } catch (error) {
    problem = "The sale cannot be controlled: " + error.message + ".";
  }
  byId("chain-problem").textContent = problem;
  byId("chain-problem").hidden = problem === "";
  byId("chain-tools").disabled = problem !== "";
}

async function steer(done, ...request) {
  await act(done, ...request);
  await refreshChain();
}

function valuesOf(form) {
  const numbers = [...form.elements].filter((field) => field.type === "number").map((field) => field.name);
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, numbers.includes(name) ? Number(value) : value]));
}

for (const form of document.querySelectorAll("form[data-put], form[data-post]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { put: toPut, post } = form.dataset;
    steer("", post ? "POST" : "PUT", post || toPut, valuesOf(form));
  });
}
for (const flag of document.querySelectorAll("[data-flag]")) {
  flag.addEventListener("change", () => {
    const [path, field] = flag.dataset.sets.split(" ");
    steer("", "PUT", path, { [field]: flag.checked });
  });
}
for (const button of document.querySelectorAll("[data-chain]")) {
  button.addEventListener("click", async () => {
    await steer("", ...button.dataset.chain.split(" "), JSON.parse(button.dataset.body || "{}"));
    if ("resets" in button.dataset) afterReset();
    await refreshChain();
  });
}
for (const button of document.querySelectorAll("[data-ahead]")) {
  button.addEventListener("click", () => {
    steer("", "POST", "chain/move-clock", { seconds: secondsTo(button.dataset.ahead) });
  });
}
byId("wallet").addEventListener("submit", (event) => {
  event.preventDefault();
  const { wallet, token, amount: units } = valuesOf(event.target);
  steer("", "POST", "chain/mint", { wallet, token, amount: units + "000000" });
});
for (const button of document.querySelectorAll("[data-gas]")) {
  button.addEventListener("click", () => {
    const wallet = byId("wallet").elements.wallet.value;
    steer("", "PUT", "chain/native-balance", { wallet, wei: button.dataset.gas });
  });
}
for (const button of document.querySelectorAll("[data-block]")) {
  button.addEventListener("click", () => {
    const { wallet, token } = byId("wallet").elements;
    const blocked = button.dataset.block === "true";
    steer("", "PUT", "chain/blocked", { wallet: wallet.value, token: token.value, blocked });
  });
}
for (const button of document.querySelectorAll("[data-operator]")) {
  button.addEventListener("click", () => {
    const { wallet, token, amount: units } = valuesOf(byId("wallet"));
    const whole = button.dataset.operator === "chain/take-down";
    const body = whole ? { wallet } : { wallet, token, amount: units + "000000" };
    steer("", "POST", button.dataset.operator, body);
  });
}
async function pollChain() {
  await refreshChain();
  setTimeout(pollChain, 2000);
}
pollChain();
`;

const WALLETS = [...FUNDED_WALLETS, EMPTY_WALLET, ...PERSONA_WALLETS.slice(0, PERSONAS.length - 1)].map((wallet) =>
  choice(wallet, `${accountLabel(wallet)}: ${shorten(wallet)}`),
);

const MARKUP = html`<section class="card stack full" aria-labelledby="chain-title">
  <div class="card-head">
    <h2 id="chain-title">Sale and chain</h2>
    <button class="danger" data-chain="POST chain/reset" data-resets>Reset chain</button>
  </div>
  <p id="chain-problem" class="bad" hidden></p>
  <dl class="facts">
    ${fact("Stage", "stage")}${fact("Kind of sale", "kind")}${fact("Chain clock", "clock")}${fact("Committed on chain", "committed")}
    ${fact("Accepted, refunded", "settled")}${fact("Sale window of most personas", "window", html`class="long"`)}
    ${fact("Wallets blocked by an issuer", "blocked", html`class="long"`)}
    ${fact("Contracts", "contracts", html`class="long"`, contracts())}
  </dl>
  <fieldset id="chain-tools" class="tools" disabled>
    ${saleTools()}${clockTools()}${settlementTools()}${walletTools()}
  </fieldset>
</section>`;

/** The section that only Echo's panel has: the sale, its chain and the wallets. */
export const CHAIN_SECTION: PanelSection = { markup: MARKUP, script: CHAIN_SECTION_SCRIPT };

function shorten(address: string): string {
  return `${address.slice(0, 8)}…${address.slice(-6)}`;
}

function fact(term: string, name: string, attributes?: Html, value?: Html): Html {
  return html`<div ${attributes}>
    <dt>${term}</dt>
    <dd data-fact="${name}">${value ?? "-"}</dd>
  </div>`;
}

function contracts(): Html {
  const { usdc, usdt } = SANDBOX_TOKENS;
  return html`<span class="mono">${SANDBOX_SALE}</span> sale, <span class="mono">${usdc}</span> USDC,
    <span class="mono">${usdt}</span> USDT`;
}

function saleTools(): Html {
  return html`<div>
    <h3>Sale</h3>
    <form class="row" data-put="chain/stage">
      ${field(
        "Stage",
        select(
          "stage",
          STAGE_NAMES.map((stage) => choice(stage, stage)),
        ),
      )}
      <button>Set stage</button>
    </form>
    <form class="row" data-put="sale-kind">
      ${field("Kind of sale", select("kind", [choice("fixed-price", "Fixed price of 0.0215"), choice("auction", "Auction, bids of 0.043 to 0.43")]))}
      <button>Set kind</button>
    </form>
    ${check("paused", "Paused", "chain/paused paused")}
    ${check("claimRefundEnabled", "Buyers may claim refunds", "chain/claim-refund enabled")}
    ${check("reduceCommitmentEnabled", "Buyers may reduce their commitment", "chain/reduce-commitment enabled")}
    <form class="row" data-put="chain/max-wallets">
      ${field("Maximum wallets per entity", number("count", 1, 255, 30))}<button>Set maximum</button>
    </form>
  </div>`;
}

function check(name: string, text: string, call: string): Html {
  return html`<label class="check"><input type="checkbox" data-flag="${name}" data-sets="${call}" />${text}</label>`;
}

function clockTools(): Html {
  return html`<div>
    <h3>Clock and listing</h3>
    <div class="row">
      <button type="button" data-ahead="3600">+1 hour</button>
      <button type="button" data-ahead="86400">+1 day</button>
      <button type="button" data-ahead="691200">+8 days</button>
    </div>
    <div class="row">
      <button type="button" data-ahead="opening">To the opening of later windows</button>
      <button type="button" data-ahead="beforeClose">To 1 minute before the close</button>
      <button type="button" data-ahead="past">Past the close</button>
    </div>
    <p class="small quiet">
      The clock moves forward only, until the chain is reset. No connection expires because of it.
    </p>
    <form class="row" data-put="listing-delay">
      ${field("Delay of the listed commitments, seconds", number("seconds", 0, 86_400, DEFAULT_LISTING_DELAY))}<button>
        Set delay
      </button>
    </form>
  </div>`;
}

function settlementTools(): Html {
  return html`<div>
    <h3>Settlement</h3>
    <form class="row" data-post="chain/settle">
      ${field("Accepted share of every commitment, percent", number("acceptedPercent", 0, 100, 60))}<button>
        Settle by share
      </button>
    </form>
    <div class="row">
      <button type="button" data-chain="POST chain/settle" data-body='{"atClearingPrice":true}'>
        Settle at the clearing price
      </button>
      <button type="button" data-chain="POST chain/process-refunds">Pay refunds</button>
    </div>
    <p class="small quiet">
      Settling ends the sale. Refunds can then be paid here, or claimed by buyers if that is allowed.
    </p>
  </div>`;
}

function walletTools(): Html {
  return html`<div>
    <h3>Wallets</h3>
    <form id="wallet" class="row">
      ${field("Wallet", select("wallet", WALLETS))}
      ${field("Token", select("token", [choice("usdc", "USDC"), choice("usdt", "USDT")]))}
      ${field("Amount", number("amount", 1, 1_000_000_000, 1000))}
      <button>Add tokens</button>
    </form>
    <div class="row">
      <button type="button" data-gas="0">Remove its ETH</button>
      <button type="button" data-gas="10000000000000000000">Set 10 ETH</button>
    </div>
    <div class="row">
      <button type="button" data-block="true">Block it at the token's issuer</button>
      <button type="button" data-block="false">Unblock it at the token's issuer</button>
    </div>
    <div class="row">
      <button type="button" data-operator="chain/force-reduce">Reduce its commitment by the amount</button>
      <button type="button" data-operator="chain/take-down">Take down its entity's commitment</button>
    </div>
    ${check("usdcPaused", "USDC is paused by its issuer", "chain/usdc-paused paused")}
    ${check("usdtPaused", "USDT is paused by its issuer", "chain/usdt-paused paused")}
    <p class="small quiet">
      A wallet belongs to the first entity that bids with it. As another persona, use another account or reset the
      chain.
    </p>
  </div>`;
}
