import { EMPTY_WALLET, FUNDED_WALLETS, SANDBOX_SALE, SANDBOX_TOKENS } from "../../chain/chain-facts";
import { STAGE_NAMES } from "../../chain/sale-stage";
import { DEFAULT_LISTING_DELAY } from "../commitments/chain-listing";
import type { PanelSection } from "../../pages/control-panel";
import { choice, field, number, select } from "../../pages/form-parts";
import { html } from "../../pages/html";
import type { Html } from "../../pages/html";
import { CHAIN_SECTION_SCRIPT } from "./chain-section-script";

const WALLETS = [
  ...FUNDED_WALLETS.map((wallet, index) => choice(wallet, `${index + 1}: ${shorten(wallet)}`)),
  choice(EMPTY_WALLET, `Empty: ${shorten(EMPTY_WALLET)}`),
];

const MARKUP = html`<section class="card stack full" aria-labelledby="chain-title">
  <div class="card-head">
    <h2 id="chain-title">Sale and chain</h2>
    <button
      class="danger"
      data-chain="POST chain/reset"
      data-said="The chain is as at first, and every wallet free again."
    >
      Reset chain
    </button>
  </div>
  <p id="chain-problem" class="bad" hidden></p>
  <dl class="facts">
    ${fact("Stage", "stage")}${fact("Chain's clock", "clock")}${fact("Committed on chain", "committed")}
    ${fact("Accepted, refunded", "settled")}${fact("Window of most personas", "window", html`class="long"`)}
    ${fact("Contracts", "contracts", html`class="long"`, contracts())}
  </dl>
  <fieldset id="chain-tools" class="tools" disabled>
    ${saleTools()}${clockTools()}${settlementTools()}${walletTools()}
  </fieldset>
</section>`;

/** What Echo's control panel has beside that of other services: the sale, its chain and the wallets. */
export const CHAIN_SECTION: PanelSection = { markup: MARKUP, script: CHAIN_SECTION_SCRIPT };

function shorten(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
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
      <button>Set</button>
    </form>
    ${check("paused", "Paused", "chain/paused paused")}
    ${check("claimRefundEnabled", "Buyers may claim refunds", "chain/claim-refund enabled")}
    ${check("reduceCommitmentEnabled", "Buyers may take back a part", "chain/reduce-commitment enabled")}
    <form class="row" data-put="chain/max-wallets">
      ${field("Wallets an entity may use", number("count", 0, 255, 30))}<button>Set</button>
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
      <button type="button" data-ahead="window">Past the window</button>
    </div>
    <p class="small quiet">Ahead only, until the chain is reset. Nobody's connection expires by it.</p>
    <form class="row" data-put="listing-delay">
      ${field("Commitments are listed late by, seconds", number("seconds", 0, 86_400, DEFAULT_LISTING_DELAY))}<button>
        Set
      </button>
    </form>
  </div>`;
}

function settlementTools(): Html {
  return html`<div>
    <h3>Settlement</h3>
    <form class="row" data-post="chain/settle">
      ${field("Accepted of every commitment, percent", number("acceptedPercent", 0, 100, 60))}<button>Settle</button>
    </form>
    <div class="row">
      <button type="button" data-chain="POST chain/process-refunds" data-said="Refunds are paid.">Pay refunds</button>
    </div>
    <p class="small quiet">Settling ends the sale. Refunds can be paid then, or claimed where buyers may.</p>
  </div>`;
}

function walletTools(): Html {
  return html`<div>
    <h3>Wallets</h3>
    <form id="wallet" class="row">
      ${field("Wallet", select("wallet", WALLETS))}
      ${field("Token", select("token", [choice("usdc", "USDC"), choice("usdt", "USDT")]))}
      ${field("Amount", number("amount", 1, 1_000_000_000, 1000))}
      <button>Give</button>
    </form>
    <div class="row">
      <button type="button" data-gas="0">Take its gas away</button>
      <button type="button" data-gas="10000000000000000000">Give it gas</button>
    </div>
    <p class="small quiet">
      A wallet stays with the first entity that bids with it. For another persona take another account, or reset the
      chain.
    </p>
  </div>`;
}
