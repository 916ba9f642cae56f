/** The expected card of one entity. */
export interface ExpectedEntity {
  name: string;
  badge: string;
  sentence: string;
  /** Setup, eligibility and region on the card. */
  facts: readonly [setup: string, eligibility: string, region: string];
  /** The text of the card's link, if it has one. */
  link?: string;
}

/** The expected entity step of the journey for one persona. */
export interface ExpectedPersona {
  step: "Done" | "Now" | "Waiting" | "Stopped";
  summary: string;
  entities: readonly ExpectedEntity[];
}

const CAN = "Your entity can take part.";
const CHOICE = "Choose who takes part. Nothing is sent before that.";
const NOT_YET = "Your entity cannot take part yet.";
const NEVER = "Your entity cannot take part.";
const CONTINUE = "Continue on Sonar (opens in a new tab)";

function eligible(name: string, region = "Other"): ExpectedEntity {
  const facts = ["Complete", "Eligible", region] as const;
  return { name, badge: "Eligible", sentence: "Eligible for this sale.", facts };
}

function ready(name: string, region = "Other"): ExpectedPersona {
  return { step: "Done", summary: CAN, entities: [eligible(name, region)] };
}

function notReady(step: ExpectedPersona["step"], entity: ExpectedEntity): ExpectedPersona {
  return { step, summary: NOT_YET, entities: [entity] };
}

function refused(entity: ExpectedEntity): ExpectedPersona {
  return { step: "Stopped", summary: NEVER, entities: [entity] };
}

function undecided(setup: string, region = "Other"): ExpectedEntity["facts"] {
  return [setup, "Not decided yet", region];
}

const notStarted = {
  badge: "Not started",
  sentence: "The identity check has not been started. You complete it on Sonar; it takes a few minutes.",
  facts: undecided("Not started", "Not known yet"),
  link: CONTINUE,
};

/** The expected page for every persona of the sandbox, by the persona's id. */
export const EXPECTED_PERSONAS: Readonly<Record<string, ExpectedPersona>> = {
  ada: ready("Ada Lovelace"),
  grace: ready("Grace Hopper", "United States"),
  emmy: ready("Emmy Noether", "European Union"),
  mary: ready("Ross Aerospace Ltd"),
  katherine: {
    step: "Now",
    summary: CHOICE,
    entities: [
      eligible("Katherine Johnson"),
      eligible("Johnson Orbital LLC", "United States"),
      { name: "Katherine Johnson", ...notStarted },
    ],
  },
  alan: notReady("Now", { name: "Alan Turing", ...notStarted }),
  barbara: notReady("Now", {
    name: "Barbara Liskov",
    badge: "In progress",
    sentence: "The identity check is not finished. Sonar takes you to the next step.",
    facts: undecided("In progress", "United States"),
    link: CONTINUE,
  }),
  donald: notReady("Waiting", {
    name: "Donald Knuth",
    badge: "Submitted",
    sentence: "Everything has been submitted and is waiting for review. There is nothing to do now.",
    facts: undecided("Submitted"),
  }),
  edsger: notReady("Waiting", {
    name: "Edsger Dijkstra",
    badge: "In review",
    sentence: "Sonar's compliance team is reviewing your details. There is nothing to do now.",
    facts: undecided("In review", "European Union"),
  }),
  frances: notReady("Now", {
    name: "Frances Allen",
    badge: "Needs attention",
    sentence: "Part of the identity check was not accepted. You can correct it on Sonar.",
    facts: undecided("Needs attention"),
    link: CONTINUE,
  }),
  john: refused({
    name: "John Backus",
    badge: "Declined",
    sentence: "The identity check was declined and cannot be repeated. The operator of this site can tell you more.",
    facts: ["Declined", "Not eligible", "Other"],
  }),
  radia: notReady("Stopped", {
    name: "Radia Perlman",
    badge: "Technical issue",
    sentence:
      "Sonar had a technical problem with this check; it was not caused by your details. Check again later. The operator of this site can tell you more.",
    facts: undecided("Technical issue"),
  }),
  tony: refused({
    name: "Tony Hoare",
    badge: "Not eligible",
    sentence: "Not eligible under the rules of this sale.",
    facts: ["Complete", "Not eligible", "European Union"],
  }),
  // The purchase check is made with a wallet, so these look ready here.
  hedy: ready("Hedy Lamarr"),
  satoshi: ready("Satoshi N."),
  margaret: ready("Margaret Hamilton"),
  shafi: ready("Shafi Goldwasser"),
  leslie: ready("Leslie Lamport"),
  dorothy: ready("Dorothy Vaughan", "United States"),
  niklaus: ready("Niklaus Wirth", "European Union"),
  kurt: ready("Kurt Goedel"),
  kathleen: ready("Kathleen Booth"),
  annie: ready("Annie Easley"),
  grete: ready("Grete Hermann"),
  evelyn: ready("Evelyn Granville"),
  nobody: { step: "Now", summary: "There is no entity on your Sonar account yet.", entities: [] },
  slow: ready("Konrad Zuse", "European Union"),
  unlisted: notReady("Waiting", {
    name: "Ida Rhodes",
    badge: "Pending",
    sentence: "Sonar reports a state that this site does not know yet. There is nothing to do now; check again later.",
    facts: ["Pending", "Pending", "Not known yet"],
  }),
  labels: {
    step: "Now",
    summary: CHOICE,
    entities: [
      eligible("Unnamed individual"),
      eligible(`O'Tables & "Sons" <img src=x onerror=alert(1)></script><script>alert(2)</script>…`),
    ],
  },
  "no-email": ready("Lynn Conway"),
  unprefixed: ready("Alonzo Church"),
  dashed: ready("Karen Jones"),
};
