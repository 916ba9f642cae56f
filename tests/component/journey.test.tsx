import { EntitySetupState as Setup, EntityType, SaleEligibility as Eligibility } from "@echoxyz/sonar-core";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ComponentProps } from "react";
import { describe, expect, it, vi } from "vitest";
import { Journey } from "@/components/journey/journey";
import { journeySteps, type JourneyInput } from "@/lib/journey/journey";
import { failure } from "@/lib/result";
import { choosableEntities } from "@/lib/sonar/entity-choice";
import { someEntity } from "@/tests/support/purchase/some-purchase";

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
    expect(screen.getByRole("heading", { name: "Unnamed individual" })).toBeVisible();
    expect(screen.getByRole("heading", { name: "Unnamed organisation" })).toBeVisible();
  });

  it("show a label as text, whatever it contains", () => {
    const label = '<img src=x onerror="alert(1)">';
    renderJourney({ entities: ready(someEntity({ Label: label })) });
    expect(screen.getByRole("heading", { name: label })).toBeVisible();
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
    expect(screen.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
    expect(screen.getByRole("status")).toHaveTextContent("This may be out of date.");
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("the choice of an entity", () => {
  const company = someEntity({ EntityID: "org", Label: "Johnson Orbital", EntityType: EntityType.ORGANIZATION });
  const declined = someEntity({ EntityID: "old", Label: "Old", EntitySetupState: Setup.FAILURE_FINAL });

  it("is offered only between eligible entities", async () => {
    const onChoose = vi.fn();
    const entities = [someEntity(), company, declined];
    const choosable = choosableEntities(entities);
    renderJourney({ entities: ready(...entities) }, { choosable, chosenId: "AUX-1", onChoose });
    expect(entityOf("Ada Lovelace")).toHaveTextContent("You are taking part as this entity");
    expect(within(entityOf("Old")).queryByRole("button")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Take part as this entity: Johnson Orbital" }));
    expect(onChoose).toHaveBeenCalledExactlyOnceWith("org");
  });

  it("is not offered if only one is eligible", () => {
    const entities = [someEntity(), declined];
    const choosable = choosableEntities(entities);
    renderJourney({ entities: ready(...entities) }, { choosable, chosenId: "AUX-1", onChoose: vi.fn() });
    expect(screen.queryByText(/take part as this entity/)).toBeNull();
  });

  it("is folded once the purchase has begun, and can be opened", async () => {
    const purchase = { wallet: null, commit: null, underWay: true };
    renderJourney({ entities: ready(someEntity()) }, { purchase });
    const list = () => screen.queryByRole("list", { name: "Your entities" });
    expect(list()?.closest("details")).not.toHaveAttribute("open");
    await userEvent.click(screen.getByText("Your entity can take part."));
    expect(list()?.closest("details")).toHaveAttribute("open");
  });
});
