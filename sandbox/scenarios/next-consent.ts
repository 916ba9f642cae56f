import { randomSecret } from "../oauth/secrets";

/** What is so after a scenario. */
export interface ScenarioState {
  scenario: string;
  title: string;
  /** A sentence for people. */
  now: string;
  /** Who the next consent is for: it approves by itself, once, within a minute. */
  persona: { id: string; name: string };
  wallet: { address: string; label: string; network: "sale" | "other" };
  sale: { kind: string; stage: string; paused: boolean };
  /** The chain's time, ISO 8601. */
  clock: string;
}

const VALID_MS = 60_000;

/** Who the next consent is for. */
interface Consent {
  personaId: string;
  /** The connection ends as soon as it is made. */
  revoke: boolean;
}

/** The consent that a scenario gives in a person's place: once, and only within a minute, so that a later one is not a surprise. */
export class NextConsent {
  private next: (Consent & { until: number }) | undefined;
  private revokes = false;

  constructor(private readonly now: () => number) {}

  set(consent: Consent): void {
    this.next = { ...consent, until: this.now() + VALID_MS };
    this.revokes = false;
  }

  clear(): void {
    this.next = undefined;
    this.revokes = false;
  }

  /** The persona that consents by itself, if one does. */
  take(): string | undefined {
    const { next } = this;
    this.next = undefined;
    if (!next || next.until < this.now()) return undefined;
    this.revokes = next.revoke;
    return next.personaId;
  }

  /** True once, for the exchange after a consent whose connection is to end. */
  takeRevocation(): boolean {
    const { revokes } = this;
    this.revokes = false;
    return revokes;
  }
}

/**
 * The tickets with which an app opens a scenario. Without one, any page could send a browser to the app's address and have it signed in; only
 * what may use the controls gets a ticket.
 */
export class ScenarioTickets {
  private readonly issued = new Map<string, { state: ScenarioState; until: number }>();

  constructor(private readonly now: () => number) {}

  issue(state: ScenarioState): string {
    for (const [ticket, { until }] of this.issued) if (until < this.now()) this.issued.delete(ticket);
    const ticket = randomSecret();
    this.issued.set(ticket, { state, until: this.now() + VALID_MS });
    return ticket;
  }

  /** The scenario of a ticket, which is then used up. */
  redeem(ticket: string): ScenarioState | undefined {
    const found = this.issued.get(ticket);
    this.issued.delete(ticket);
    return found && found.until >= this.now() ? found.state : undefined;
  }
}
