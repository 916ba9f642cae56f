import type { PanelSection } from "../../control/control-panel";
import { choice, field, html, select } from "../../pages/html";
import { PERSONAS } from "../personas/all-personas";

const MARKUP = html`<section class="card stack full" aria-labelledby="inspector-title">
  <h2 id="inspector-title">Inspector</h2>
  <details id="inspected">
    <summary>Entities with bids, and who holds which wallet</summary>
    <div class="scroll" role="group" aria-label="Entities with bids" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Entity</th>
            <th scope="col">Bid</th>
            <th scope="col">Steps</th>
            <th scope="col">Wallets: committed, accepted</th>
          </tr>
        </thead>
        <tbody id="inspected-entities"></tbody>
      </table>
      <p id="inspected-none" class="quiet small">No entity has bid.</p>
    </div>
    <div class="scroll" role="group" aria-label="Wallets" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Wallet</th>
            <th scope="col">Held by</th>
            <th scope="col">USDC</th>
            <th scope="col">USDT</th>
            <th scope="col">ETH</th>
          </tr>
        </thead>
        <tbody id="inspected-wallets"></tbody>
      </table>
    </div>
  </details>
  <form id="inspect-permit" class="row">
    ${field(
      "Persona",
      select(
        "persona",
        PERSONAS.map(({ id, name }) => choice(id, name)),
      ),
    )}
    <button>Show its permit</button>
  </form>
  <pre id="inspected-permit" class="json" tabindex="0" role="group" aria-label="Permit" hidden></pre>
</section>`;

/** Follows the script of the sale's section, and uses its `amount`. */
const SCRIPT = `
const cells = (...texts) => {
  const row = document.createElement("tr");
  row.append(...texts.map((text) => element("td", text)));
  return row;
};
const both = ({ usdc, usdt }) => [[usdc, "USDC"], [usdt, "USDT"]].filter(([value]) => value !== "0").map(([value, symbol]) => amount(value) + " " + symbol).join(" and ") || "0";
let inspectedBefore = "";
async function inspect() {
  if (!byId("inspected").open) return;
  const found = await call("GET", "entities");
  const now = JSON.stringify(found);
  if (now === inspectedBefore) return;
  inspectedBefore = now;
  byId("inspected-entities").replaceChildren(...found.entities.map(({ label, persona, bid, refunded, wallets }) => cells(
    label + (persona && persona.name !== label ? " (" + persona.name + ")" : ""),
    refunded ? "out of the sale" : amount(bid.amount) + (bid.lockup ? ", locked up" : ""),
    bid.price,
    wallets.map((wallet) => wallet.label + ": " + both(wallet.committed) + ", " + both(wallet.accepted)).join("; "),
  )));
  byId("inspected-none").hidden = found.entities.length > 0;
  byId("inspected-wallets").replaceChildren(...found.wallets.map(({ label, holder, usdc, usdt, eth }) => cells(
    label, holder || "nobody yet", amount(usdc), amount(usdt), (Number(BigInt(eth) / 10n ** 12n) / 1e6).toLocaleString(),
  )));
}
byId("inspected").addEventListener("toggle", () => inspect().catch((error) => say("Failed: " + error.message)));
byId("inspect-permit").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const { answers } = await call("GET", "permit?persona=" + new FormData(event.target).get("persona"));
    byId("inspected-permit").textContent = answers.length > 0 ? JSON.stringify(answers, null, 2) : "This persona has no entity, so that it gets no permit.";
    byId("inspected-permit").hidden = false;
  } catch (error) {
    say("Failed: " + error.message);
  }
});
async function pollInspector() {
  await inspect().catch(() => undefined);
  setTimeout(pollInspector, 3000);
}
pollInspector();
`;

/** What is behind the sale's figures, on Echo's panel. */
export const INSPECTOR_SECTION: PanelSection = { markup: MARKUP, script: SCRIPT };
