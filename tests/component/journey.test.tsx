import { EntitySetupState as Setup, EntityType, SaleEligibility as Eligibility } from "@echoxyz/sonar-core";
import { act, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ComponentProps } from "react";
import { describe, expect, it, vi } from "vitest";
import { Journey } from "@/components/journey/journey";
import { journeySteps, type JourneyInput } from "@/lib/journey/journey";
import { failure } from "@/lib/result";
import { choosableEntities } from "@/lib/sonar/entity-choice";
import { someEntity, somePurchase } from "@/tests/support/purchase/some-purchase";

const SETUP_URL = "https://app.echo.example/sonar/sale/home";
const SUPPORT_URL = "https://help.example";

function renderJourney(changes: Partial<JourneyInput>, more: Partial<ComponentProps<typeof Journey>> = {}) {
  const input: JourneyInput = { signedIn: true, connected: true, entities: { status: "loading" }, ...changes };
  render(
    <Journey
      steps={journeySteps(input)}
      entities={input.entities}
      setupUrl={SETUP_URL}
      supportUrl={SUPPORT_URL}
      returnTo="/"
      onRetry={vi.fn()}
      {...more}
    />,
  );
}

function ready(...entities: ReturnType<typeof someEntity>[]): JourneyInput["entities"] {
  return { status: "ready", value: entities };
}

function buttonNames(): (string | null)[] {
  return screen.queryAllByRole("button").map((button) => button.textContent);
}

function entityOf(label: string): HTMLElement {
  const item = screen.getByRole("heading", { name: label }).closest("li");
  if (!item) throw new Error(`${label} is in no list`);
  return item;
}

describe("the journey's one button", () => {
  it.each<[string, Partial<JourneyInput>, string[]]>([
    ["before sign-in", { signedIn: false, connected: false }, ["Sign in"]],
    ["before connecting", { connected: false }, ["Connect with Sonar"]],
    [
      "after the connection ended",
      { entities: { status: "failed", failure: failure("connection/reconnect_required") } },
      ["Connect again"],
    ],
    ["after the session ended", { entities: { status: "failed", failure: failure("session/missing") } }, ["Sign in"]],
    [
      "when entities could not be read",
      { entities: { status: "failed", failure: failure("api/server_error") } },
      ["Disconnect Sonar", "Try again"],
    ],
    ["while entities are read", {}, ["Disconnect Sonar"]],
    ["when everything is done", { entities: ready(someEntity()) }, ["Disconnect Sonar"]],
  ])("%s", (_when, changes, names) => {
    renderJourney(changes);
    expect(buttonNames()).toEqual(names);
  });

  it("marks the current step for screen readers", () => {
    renderJourney({ connected: false });
    const [current] = screen.getAllByRole("listitem", { current: "step" });
    expect(current).toHaveTextContent("Connect Sonar");
  });
});

describe("the entities", () => {
  it("are all listed under their labels, best first", () => {
    const declined = someEntity({ EntityID: "2", Label: "Old", EntitySetupState: Setup.FAILURE_FINAL });
    renderJourney({ entities: ready(declined, someEntity()) });
    const list = screen.getByRole("list", { name: "Your entities" });
    const headings = within(list).getAllByRole("heading");
    expect(headings.map(({ textContent }) => textContent)).toEqual(["Ada Lovelace", "Old"]);
  });

  it("without a label are named by their type", () => {
    renderJourney({
      entities: ready(
        someEntity({ EntityID: "1", Label: "" }),
        someEntity({ EntityID: "2", Label: "  ", EntityType: EntityType.ORGANIZATION }),
      ),
    });
    expect(screen.getByRole("heading", { name: "Unnamed individual" })).toBeInTheDocument();
    expect(screen.getByRole("heading", { name: "Unnamed organisation" })).toBeInTheDocument();
  });

  it("show a label as text, whatever it contains", () => {
    const label = '<img src=x onerror="alert(1)">';
    renderJourney({ entities: ready(someEntity({ Label: label })) });
    expect(screen.getByRole("heading", { name: label })).toBeInTheDocument();
    expect(document.querySelector("img")).toBeNull();
  });

  it("with an unfinished setup link to Sonar in a new tab without access to this one", () => {
    renderJourney({ entities: ready(someEntity({ EntitySetupState: Setup.IN_PROGRESS })) });
    const link = within(entityOf("Ada Lovelace")).getByRole("link", { name: /Continue on Sonar/ });
    expect(link).toHaveAttribute("href", SETUP_URL);
    expect(link).toHaveAttribute("target", "_blank");
    expect(link.getAttribute("rel")).toContain("noopener");
  });

  it("that were declined link to support and offer no new attempt", () => {
    renderJourney({ entities: ready(someEntity({ EntitySetupState: Setup.FAILURE_FINAL })) });
    const links = within(entityOf("Ada Lovelace")).getAllByRole("link");
    expect(links.map((link) => link.getAttribute("href"))).toEqual([SUPPORT_URL]);
  });

  it.each([
    ["in review", { EntitySetupState: Setup.IN_REVIEW }],
    ["of a state that is not known", { Pending: true }],
    ["not eligible", { SaleEligibility: Eligibility.NOT_ELIGIBLE }],
    ["eligible", {}],
  ])("that are %s have no link", (_name, changes) => {
    renderJourney({ entities: ready(someEntity(changes)) });
    expect(within(entityOf("Ada Lovelace")).queryByRole("link")).toBeNull();
  });

  it("show setup, eligibility and region", () => {
    renderJourney({ entities: ready(someEntity()) });
    const facts = [...entityOf("Ada Lovelace").querySelectorAll("dl > div")].map(({ textContent }) => textContent);
    expect(facts).toEqual(["SetupComplete", "EligibilityEligible", "RegionOther"]);
  });

  it("that do not exist yet can be set up", () => {
    renderJourney({ entities: ready() });
    expect(screen.getByRole("link", { name: /Set up on Sonar/ })).toHaveAttribute("href", SETUP_URL);
  });

  it("stay when a refresh fails, with a quiet note", () => {
    const refreshFailure = failure("api/network_error", { reason: "timeout" });
    renderJourney({ entities: { status: "ready", value: [someEntity()], refreshFailure } });
    expect(screen.getByRole("heading", { name: "Ada Lovelace" })).toBeInTheDocument();
    expect(screen.getByRole("status")).toHaveTextContent("This may be out of date.");
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("the choice of an entity", () => {
  const company = someEntity({ EntityID: "org", Label: "Johnson Orbital", EntityType: EntityType.ORGANIZATION });
  const declined = someEntity({ EntityID: "old", Label: "Old", EntitySetupState: Setup.FAILURE_FINAL });

  function renderChoice(chosenId?: string) {
    const onChoose = vi.fn();
    const entities = [someEntity(), company, declined];
    const choosable = choosableEntities(entities);
    const undecided = chosenId === undefined;
    renderJourney({ entities: ready(...entities), undecided }, { choosable, chosenId, onChoose });
    return onChoose;
  }

  it("is asked between the eligible entities only, and none is chosen beforehand", () => {
    renderChoice();
    const options = within(screen.getByRole("group", { name: "Who takes part?" })).getAllByRole("radio");
    expect(options.map((option) => [option.getAttribute("value"), (option as HTMLInputElement).checked])).toEqual([
      ["AUX-1", false],
      ["org", false],
    ]);
    expect(within(entityOf("Old")).queryByRole("radio")).toBeNull();
  });

  it("is made by the button, which names it, and not while options are passed", async () => {
    const onChoose = renderChoice();
    await userEvent.click(screen.getByRole("radio", { name: "Ada Lovelace" }));
    await userEvent.keyboard("{ArrowDown}");
    expect(onChoose).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole("button", { name: "Continue as Johnson Orbital" }));
    expect(onChoose).toHaveBeenCalledExactlyOnceWith("org");
  });

  it("that was picked before the page's script ran counts", async () => {
    const onChoose = renderChoice();
    screen.getByRole<HTMLInputElement>("radio", { name: "Johnson Orbital" }).checked = true;
    await userEvent.click(screen.getByRole("button", { name: "Continue" }));
    expect(onChoose).toHaveBeenCalledExactlyOnceWith("org");
  });

  it("without an option says so, and leads there", async () => {
    const onChoose = renderChoice();
    await userEvent.click(screen.getByRole("button", { name: "Continue" }));
    expect(onChoose).not.toHaveBeenCalled();
    expect(screen.getByText("Choose an entity first.")).toHaveAttribute("role", "alert");
    expect(screen.getByRole("radio", { name: "Ada Lovelace" })).toHaveFocus();
  });

  it("shows what an entity holds in the sale", () => {
    const entities = [someEntity(), company];
    const standing = (id: string) => (id === "org" ? "Has committed 250.00 USDC." : undefined);
    const choosable = choosableEntities(entities);
    renderJourney({ entities: ready(...entities), undecided: true }, { choosable, standing, onChoose: vi.fn() });
    expect(entityOf("Johnson Orbital")).toHaveTextContent("Has committed 250.00 USDC.");
    expect(entityOf("Ada Lovelace")).not.toHaveTextContent("Has committed");
  });

  it("is asked of the only eligible one too, where another was chosen that can no longer take part", () => {
    const entities = [someEntity(), declined];
    const choosable = choosableEntities(entities);
    renderJourney({ entities: ready(...entities), undecided: true }, { choosable, onChoose: vi.fn() });
    expect(screen.getByRole("radio", { name: "Ada Lovelace" })).not.toBeChecked();
  });

  it("is not offered if only one is eligible", () => {
    const entities = [someEntity(), declined];
    const choosable = choosableEntities(entities);
    renderJourney({ entities: ready(...entities) }, { choosable, chosenId: "AUX-1", onChoose: vi.fn() });
    expect(screen.queryByRole("radio")).toBeNull();
  });
});

describe("the bar of the finished steps", () => {
  const bar = () => document.querySelector("details");

  it("names who takes part and the wallet, and opens to change them", () => {
    const purchase = {
      wallet: <p>The wallet</p>,
      commit: <p>The form</p>,
      address: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    };
    const entities = [someEntity()];
    renderJourney(
      { entities: ready(...entities), purchase: somePurchase() },
      { choosable: entities, chosenId: "AUX-1", purchase },
    );
    expect(bar()).not.toHaveAttribute("open");
    expect(bar()?.querySelector("summary")).toHaveTextContent(
      /^4 of 5 steps are done: Ada Lovelace0x709979…dc79C8Change/,
    );
    const finished = within(screen.getByRole("list", { name: "Finished steps" }));
    expect(finished.getByRole("button", { name: "Disconnect Sonar" })).toBeInTheDocument();
    expect(finished.getByRole("list", { name: "Your entities" })).toBeInTheDocument();
    expect(finished.getByText("The wallet")).toBeInTheDocument();
    expect(screen.getByText("The form").closest("details")).toBeNull();
  });

  it("counts the steps for screen readers, which keep their numbers", () => {
    renderJourney({ connected: false });
    const current = within(screen.getByRole("list", { name: "Steps" })).getAllByRole("listitem");
    expect(current.map(({ textContent }) => textContent?.match(/Step \d of \d/)?.[0])).toEqual([
      "Step 2 of 5",
      "Step 3 of 5",
      "Step 4 of 5",
      "Step 5 of 5",
    ]);
  });

  it("is there while the entities are read, in the place that it keeps", () => {
    renderJourney({});
    expect(bar()?.querySelector("summary")).toHaveTextContent("Loading your entities.");
  });

  it("closes after a choice", async () => {
    const entities = [someEntity(), someEntity({ EntityID: "org", Label: "Johnson Orbital" })];
    renderJourney({ entities: ready(...entities) }, { choosable: entities, chosenId: "AUX-1", onChoose: vi.fn() });
    bar()?.setAttribute("open", "");
    await userEvent.click(screen.getByRole("radio", { name: "Johnson Orbital" }));
    await userEvent.click(screen.getByRole("button", { name: "Continue as Johnson Orbital" }));
    expect(bar()).not.toHaveAttribute("open");
  });
});

describe("the focus", () => {
  it("goes to the next step's control once a step is done", () => {
    const entities = [someEntity(), someEntity({ EntityID: "org", Label: "Johnson Orbital" })];
    const journey = (chosenId?: string) => (
      <Journey
        steps={journeySteps({
          signedIn: true,
          connected: true,
          entities: ready(...entities),
          chosen: entities.find(({ EntityID }) => EntityID === chosenId),
          undecided: chosenId === undefined,
          purchase: somePurchase({ wallet: { status: "none" } }),
        })}
        entities={ready(...entities)}
        choosable={entities}
        chosenId={chosenId}
        onChoose={vi.fn()}
        setupUrl={SETUP_URL}
        returnTo="/"
        purchase={{ wallet: <button>Connect wallet</button>, commit: null }}
      />
    );
    const { rerender } = render(journey());
    act(() => screen.getByRole("button", { name: "Continue" }).focus());
    rerender(journey("org"));
    expect(screen.getByRole("button", { name: "Connect wallet" })).toHaveFocus();
  });
});
