import { onChain } from "../echo/control/chain";
import { settleBy } from "../echo/control/sale";
import { resetAll } from "../echo/control/reset";
import type { Echo } from "../echo/echo";
import { accountLabel, accountOf } from "../echo/personas/accounts";
import { findPersona } from "../echo/personas/all-personas";
import type { Persona } from "../echo/personas/persona";
import { EVERY_ENDPOINT } from "../faults/fault";
import { ApiError } from "../http/answer";
import type { Scenario } from "./all-scenarios";
import type { ScenarioState } from "./next-consent";

const EXCHANGE = "/oauth.ExchangeAuthorizationCodeV2";

/** How a scenario is played. */
export interface ScenarioOptions {
  /** The id of another persona than the scenario's own. */
  as?: string | undefined;
  /** The sale and the faults stay as they are: only persona and wallet are the scenario's. */
  keep?: boolean | undefined;
}

/**
 * Puts Echo and the chain into the state of a scenario, whatever was before. Users stay connected, and the next consent is given by itself.
 */
export async function runScenario(
  echo: Echo,
  scenario: Scenario,
  { as = scenario.persona, keep = false }: ScenarioOptions = {},
): Promise<ScenarioState> {
  const persona = findPersona(as);
  const wallet = persona && accountOf(persona);
  if (!persona || !wallet) throw new ApiError("internal", `there is no persona ${as} with an account`);
  if (!keep) {
    await resetAll(echo);
    echo.anchor.kind = scenario.kind ?? "fixed-price";
    await setSale(echo, scenario, as);
    setFaults(echo, scenario);
  }
  echo.nextConsent.set({ personaId: as, revoke: scenario.revoked ?? false });
  const facts = await onChain(echo, ({ reader }) => reader.facts());
  return {
    scenario: scenario.name,
    title: scenario.title,
    now: keep ? `${persona.name} finds the sale as it is.` : sentenceFor(scenario, persona),
    persona: { id: persona.id, name: persona.name },
    wallet: { address: wallet, label: accountLabel(wallet), network: scenario.otherNetwork ? "other" : "sale" },
    sale: { kind: echo.anchor.kind, stage: facts.stage, paused: facts.paused },
    clock: new Date(facts.time * 1000).toISOString(),
  };
}

function sentenceFor({ sentence, persona }: Scenario, { id, name }: Persona): string {
  return id === persona ? sentence : `${name} is in the place of another persona: ${sentence}`;
}

async function setSale(echo: Echo, scenario: Scenario, as: string): Promise<void> {
  const { bids = [], stage, paused, reducible, acceptedPercent } = scenario;
  await onChain(echo, async (control, rpcUrl) => {
    // Loaded with the first bid: it needs the cryptography.
    const { placeBid } = await import("./bid");
    for (const bid of bids) {
      await placeBid(echo, rpcUrl, { ...bid, persona: bid.persona === scenario.persona ? as : bid.persona });
    }
    if (reducible) await control.sale.setReduceCommitmentEnabled(true);
    if (stage) await control.sale.setStage(stage);
    if (paused) await control.sale.setPaused(true);
    if (acceptedPercent === undefined) return;
    const { shareOf } = await import("../chain/sale-control");
    await control.sale.setClaimRefundEnabled(true);
    await settleBy(control, (entities) => shareOf(entities, acceptedPercent));
  });
  echo.listing.forget();
}

function setFaults({ faults }: Echo, { fault }: Scenario): void {
  if (!fault) return;
  faults.set({ when: "before", ...fault, endpoint: EVERY_ENDPOINT });
  // One exchange is spared: otherwise nobody could be connected.
  faults.set({ endpoint: EXCHANGE, latencyMs: 0, when: "before", times: 1 });
}
