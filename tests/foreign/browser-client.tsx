import { useEffect, useState, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import {
  SonarProvider,
  useCommitmentData,
  useSonarAuth,
  useSonarEntities,
  useSonarProfile,
  useSonarPurchase,
} from "@echoxyz/sonar-react";

/** The settings of the app, which its page has in the address of its script. */
const settings = new URL(import.meta.url).searchParams;
const setting = (name: string) => settings.get(name) ?? "";
const saleUUID = setting("sale");

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <p>
      {name}: <output data-fact={name}>{children}</output>
    </p>
  );
}

function Callback() {
  const { completeOAuth, authenticated } = useSonarAuth();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const query = new URLSearchParams(window.location.search);
    const [code, state] = [query.get("code"), query.get("state")];
    if (!code || !state) return;
    completeOAuth({ code, state }).catch((error: unknown) => setProblem(String(error)));
  }, [completeOAuth]);
  if (authenticated) return <a href="/">Continue</a>;
  return <p role="alert">{problem || "Completing sign-in"}</p>;
}

function Permit({ generate }: { generate: () => Promise<{ PermitJSON: object; Signature: string }> }) {
  const [permit, setPermit] = useState<{ PermitJSON: object; Signature: string }>();
  return (
    <>
      <button onClick={() => void generate().then(setPermit)}>Get a permit</button>
      {permit && <Fact name="permit">{JSON.stringify(permit)}</Fact>}
    </>
  );
}

function Purchase({ entityID }: { entityID: string }) {
  const purchase = useSonarPurchase({ saleUUID, entityID, walletAddress: setting("wallet") });
  if (purchase.loading) return <p>Checking</p>;
  if (purchase.error) return <Fact name="error">{purchase.error.message}</Fact>;
  if (!purchase.readyToPurchase) return <Fact name="reason">{purchase.failureReason}</Fact>;
  return <Permit generate={purchase.generatePurchasePermit} />;
}

function Entities() {
  const { loading, entities, error } = useSonarEntities({ saleUUID });
  if (error) return <Fact name="error">{error.message}</Fact>;
  if (loading || !entities) return <p>Loading</p>;
  return entities.map(({ EntityID, Label, EntitySetupState, SaleEligibility }) => (
    <section key={EntityID}>
      <Fact name="entity">{`${Label}, ${EntitySetupState}, ${SaleEligibility}`}</Fact>
      <Purchase entityID={EntityID} />
    </section>
  ));
}

function Home() {
  const { authenticated, ready, login, logout } = useSonarAuth();
  const { profile } = useSonarProfile();
  const { commitmentData } = useCommitmentData({ saleUUID, pollingIntervalMs: 1000 });
  return (
    <>
      {commitmentData && <Fact name="commitments">{commitmentData.UniqueCommitmentCount}</Fact>}
      {profile && <Fact name="email">{profile.EmailAddress}</Fact>}
      {ready && !authenticated && <button onClick={() => void login()}>Sign in with Echo</button>}
      {authenticated && <button onClick={logout}>Sign out</button>}
      {authenticated && <Entities />}
    </>
  );
}

const root = document.getElementById("root");
if (!root) throw new Error("The page has no root");
const redirectURI = `${window.location.origin}/callback`;
const config = { clientUUID: setting("client"), redirectURI, apiURL: setting("echo"), frontendURL: setting("echo") };
createRoot(root).render(
  <SonarProvider config={config}>{window.location.pathname === "/callback" ? <Callback /> : <Home />}</SonarProvider>,
);
