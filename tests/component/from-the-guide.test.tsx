import { act, render, screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as auth from "@/app/actions/auth";
import * as sonar from "@/app/actions/sonar";
import type { SessionStatus } from "@/lib/account";
import { fail, success } from "@/lib/result";
import { Home as FrontEndOnlyHome } from "@/tests/from-the-guide/front-end-only";
import Home from "@/tests/from-the-guide/page";
import { Provider } from "@/tests/from-the-guide/provider";
import { someEntity } from "@/tests/support/purchase/some-purchase";

vi.mock("@/app/actions/auth");
vi.mock("@/app/actions/sonar");

const NOBODY: SessionStatus = { signedIn: false, connected: [], sonarConnected: false, viewKey: "" };
const READY = { ReadyToPurchase: true, FailureReason: "" as const, LivenessCheckURL: "" };
const assign = vi.fn();
let views = 0;

/** Each test is another sign-in, so that no answer of an earlier one is cached for it. */
function connected(): SessionStatus {
  return { signedIn: true, connected: ["sonar"], sonarConnected: true, viewKey: `view ${(views += 1)}` };
}

const COMMITMENTS = {
  TotalCommitmentAmount: "5000000",
  PaymentTokenDecimals: 6,
  UniqueCommitmentCount: 1,
  Commitments: [],
};

beforeEach(() => {
  vi.stubGlobal("location", { assign, pathname: "/", search: "" });
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json(success(COMMITMENTS))));
  vi.mocked(sonar.getEntities).mockResolvedValue(success({ Entities: [someEntity({ Label: "Ada" })] }));
  vi.mocked(sonar.prePurchaseCheck).mockResolvedValue(success(READY));
});

afterEach(() => vi.resetAllMocks());

async function open(page: React.ReactNode, status: SessionStatus) {
  vi.mocked(auth.getSessionStatus).mockResolvedValue(success(status));
  await act(async () => render(page, { wrapper: Provider }));
}

test("the guide's page signs in, and asks Sonar for nothing before", async () => {
  vi.mocked(auth.login).mockResolvedValue(success({ url: "/" }));
  await open(<Home />, NOBODY);
  await userEvent.click(screen.getByText("Sign in"));
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/"));
  expect(await screen.findByText("Committers: 1")).toBeVisible();
  expect(sonar.getEntities).not.toHaveBeenCalled();
});

test("the guide's page connects a signed-in user", async () => {
  vi.mocked(auth.getSonarAuthorizationUrl).mockResolvedValue(success({ url: "https://app.echo.xyz/oauth/authorize" }));
  await open(<Home />, { ...NOBODY, signedIn: true });
  await userEvent.click(screen.getByText("Connect with Sonar"));
  await waitFor(() => expect(assign).toHaveBeenCalledWith("https://app.echo.xyz/oauth/authorize"));
});

test("the guide's page shows the entities and gets a permit", async () => {
  vi.mocked(sonar.generatePurchasePermit).mockResolvedValue(fail("sale/entity_not_ready"));
  await open(<Home />, connected());
  expect(await screen.findByText("Eligible: 1 of 1")).toBeVisible();
  expect(within(screen.getByRole("article")).getByText("May take part")).toBeVisible();
  expect(sonar.getEntities).toHaveBeenCalledWith({ saleUUID: expect.any(String) });
  await userEvent.click(await screen.findByText("Commit"));
  expect(await screen.findByRole("alert")).toHaveTextContent("cannot take part");
});

test("the guide's page shows the words of a failure", async () => {
  vi.mocked(sonar.getEntities).mockResolvedValue(fail("api/server_error"));
  await open(<Home />, connected());
  expect(await screen.findByRole("alert")).toHaveTextContent("The service had an internal error.");
});

test("a page written for sonar-react reads through the server, with no token in the browser", async () => {
  vi.mocked(sonar.getEntity).mockResolvedValue(fail("api/not_found", { status: 404 }));
  vi.mocked(sonar.getProfile).mockResolvedValue(success({ EntityID: "AUX-1", EmailAddress: "ada@example.com" }));
  vi.mocked(sonar.getInvestmentHistory).mockResolvedValue(success({ Investments: [] }));
  await open(<FrontEndOnlyHome walletAddress="0x52908400098527886E0F7030069857D2E4169EE7" />, connected());
  for (const text of [
    "This wallet is linked to no entity",
    "ada@example.com, 0 investments",
    "Sonar has cleared it",
    "No token in this browser",
  ])
    expect(await screen.findByText(text)).toBeVisible();
  vi.mocked(auth.disconnectSonar).mockResolvedValue(success(undefined));
  await userEvent.click(screen.getByText("Disconnect from Sonar"));
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/"));
});
