"use client";

import { useState, Suspense, type ReactNode } from "react";
import { PurchaseSection } from "@/app/_home/purchase";
import { JourneyWallet } from "@/app/_home/wallet";
import { Journey, type PurchaseContent } from "@/components/journey/journey";
import { CommitFormSkeleton } from "@/components/purchase/commit-form";
import { FailureNotice } from "@/components/ui/failure-notice";
import { useSessionStatus } from "@/hooks/use-session";
import { usePositions } from "@/hooks/use-positions";
import { useIsSending } from "@/hooks/use-sending";
import { usePurchase, type UsePurchaseResult } from "@/hooks/use-purchase";
import { useSonarEntities } from "@/hooks/use-sonar-entities";
import { useSonarProfile } from "@/hooks/use-sonar-profile";
import { useWallet } from "@/hooks/use-wallet";
import type { PublicSettings } from "@/lib/config/public-settings";
import { entityCookie, writeCookie } from "@/lib/http/cookies";
import { journeySteps, type JourneyInput } from "@/lib/journey/journey";
import { walletNeed } from "@/lib/journey/purchase-steps";
import { isHolding, positionIn, totalTokens, type Position, type Positions } from "@/lib/purchase/position";
import { walletInUse, loadingPurchase, type PurchaseState } from "@/lib/purchase/purchase-state";
import { toRead } from "@/lib/result";
import { formatTokenAmount, symbolsAt } from "@/lib/sale/money";
import type { PaymentToken, SaleChain } from "@/lib/sale/state";
import type { SonarEntity } from "@/lib/sonar/entity";
import { chooseEntity, choosableEntities, withHeldEntity } from "@/lib/sonar/entity-choice";

/** Everything that the steps show, as far as it is known. */
interface JourneyStepsProps {
  settings: PublicSettings;
  /** One press signs in and begins connecting Sonar. */
  onePress: boolean;
  entities: JourneyInput["entities"];
  /** The entity that the user wants to take part as. */
  preferredId?: string;
  /** See `useImplicitChoice`. */
  implicitId?: string | undefined;
  /** See `useHeldEntity`. */
  held?: SonarEntity;
  /** The positions in the sale; absent while they are not known. */
  positions?: Positions;
  /** The sale's payment tokens, which name a position's amount. */
  tokens?: readonly PaymentToken[];
  onChoose?: (entityId: string) => void;
  profileEmail?: string;
  purchase?: PurchaseState;
  content?: PurchaseContent;
  onRetry?: () => void;
  retrying?: boolean;
}

/** The entities that can be chosen, and the chosen one. */
function entityChoice({ entities, preferredId, implicitId, held, positions }: JourneyStepsProps) {
  const holds = (entityId: string) => isHolding(positionIn(positions, entityId));
  const listed = entities.status === "ready" ? entities.value : [];
  const choosable = withHeldEntity(choosableEntities(listed, holds), listed, held);
  const wanted = preferredId ?? held?.EntityID ?? (choosable.length === 1 ? implicitId : undefined);
  return { choosable, chosen: chooseEntity(choosable, wanted) };
}

/** The list as it is shown: with the entity that a wallet is asked for, which could otherwise not be chosen again. */
function shownEntities({ entities, held }: JourneyStepsProps): JourneyInput["entities"] {
  if (entities.status !== "ready" || !held) return entities;
  const isListed = entities.value.some(({ EntityID }) => EntityID === held.EntityID);
  return isListed ? entities : { ...entities, value: [...entities.value, held] };
}

/** What an entity holds in the sale: a standing commitment is shown before it is chosen too. */
function standing(position: Position | undefined, tokens: readonly PaymentToken[] = []): string | undefined {
  const [token] = tokens;
  if (!isHolding(position) || !token) return undefined;
  const { rows, total } = position;
  if (total.committed === 0n) return "Its commitment has ended and was paid back.";
  const symbol = symbolsAt(totalTokens(rows), tokens) ?? token.symbol;
  return `Has committed ${formatTokenAmount(total.committed, { ...token, symbol })}.`;
}

/** Draws the steps that `journeySteps` decides on. */
function JourneySteps(props: JourneyStepsProps) {
  const { settings, entities, held, onChoose, positions, tokens, profileEmail, purchase, content, onRetry, retrying } =
    props;
  const { choosable, chosen } = entityChoice(props);
  const session = useSessionStatus();
  const steps = journeySteps({
    signedIn: session.signedIn,
    onePress: props.onePress,
    connected: session.sonarConnected,
    entities,
    chosen,
    undecided: chosen === undefined && choosable.length > 0,
    held: chosen !== undefined && chosen.EntityID === held?.EntityID,
    profileEmail,
    purchase,
  });
  return (
    <Journey
      steps={steps}
      entities={shownEntities(props)}
      choosable={choosable}
      chosenId={chosen?.EntityID}
      onChoose={onChoose}
      standing={(entityId) => standing(positionIn(positions, entityId), tokens)}
      setupUrl={settings.setupUrl}
      supportUrl={settings.supportUrl}
      profileEmail={profileEmail}
      purchase={content}
      returnTo="/"
      onRetry={onRetry}
      retrying={retrying}
    />
  );
}

/** The entity that the user prefers, first from the cookie; `chooseEntity` decides whether it can take part. */
function usePreferredEntity(fromCookie: string | undefined) {
  const [preferredId, setPreferredId] = useState(fromCookie);
  function onChoose(entityId: string) {
    setPreferredId(entityId);
    writeCookie(entityCookie(entityId));
  }
  return { preferredId, onChoose };
}

/** The entity that this page asks a wallet for, or has asked: its steps and its receipt must stay, whatever Sonar lists meanwhile. */
function useHeldEntity(chosen: SonarEntity | undefined): SonarEntity | undefined {
  const isSending = useIsSending();
  const [known, setKnown] = useState<{ isSending: boolean; held?: SonarEntity }>({ isSending: false });
  // Only where it begins: meanwhile, the user may look at another entity.
  if (isSending !== known.isSending) setKnown({ isSending, held: isSending && chosen ? chosen : known.held });
  return known.held;
}

interface OnChainProps extends JourneyStepsProps {
  chain: SaleChain;
}

/** There is nothing to show of the commitment: none was made, and no wallet has been connected to make one. */
function isIdle({ state: { position, wallet, pending } }: UsePurchaseResult): boolean {
  return position.status === "ready" && position.value.state === "none" && wallet.status === "none" && !pending;
}

interface PurchaseContentProps extends Pick<OnChainProps, "settings" | "chain"> {
  chosen?: SonarEntity;
  /** All entities that can be chosen. */
  choosable: readonly SonarEntity[];
  /** There are, or were, several to choose from. */
  namesEntity: boolean;
  purchase: UsePurchaseResult;
}

function CommitContent(props: PurchaseContentProps): ReactNode {
  const { purchase, chosen, choosable, namesEntity, chain, settings } = props;
  const { state, check, permit, wallet, saleState, reload, reloading, behind } = purchase;
  // Wallets lock themselves after minutes: what was typed, and what became of a request, must outlast that.
  const [isOpened, setIsOpened] = useState(false);
  if (!isOpened && !isIdle(purchase)) setIsOpened(true);
  const { sale, position } = state;
  const failed = [sale, position].find((read) => read.status === "failed");
  if (failed) return <FailureNotice failure={failed.failure} returnTo="/" onRetry={reload} retrying={reloading} />;
  if (sale.status !== "ready" || position.status !== "ready") return <CommitFormSkeleton />;
  if (!chosen || !saleState || (isIdle(purchase) && !isOpened)) return null;
  return (
    <PurchaseSection
      key={chosen.EntityID}
      chain={chain}
      saleUUID={settings.saleUUID}
      entity={chosen}
      entities={choosable}
      namesEntity={namesEntity}
      wallet={wallet.state}
      saleState={saleState}
      phase={sale.value.phase}
      position={position.value}
      check={check}
      permit={permit}
      setupUrl={settings.setupUrl}
      supportUrl={settings.supportUrl}
      returnTo="/"
      updating={purchase.updating}
      behind={behind && { why: behind, returnTo: "/", onRetry: reload, retrying: reloading }}
      seenBlock={purchase.seenBlock}
      onConfirmed={purchase.onConfirmed}
      onFailed={purchase.onFailed}
      onOtherWallet={() => void wallet.choose()}
      onReload={() => (reload(), permit.permit && permit.refetch())}
    />
  );
}

function purchaseContent(props: PurchaseContentProps): PurchaseContent {
  const { chain, purchase } = props;
  return {
    wallet: <JourneyWallet chain={chain} needed={walletNeed(purchase.state) !== "none"} />,
    commit: <CommitContent {...props} />,
    address: walletInUse(purchase.state.wallet),
  };
}

/**
 * The entity that takes part on this page although nobody was asked, as the only one of the list. Another one that is alone on the list later must
 * not take its place under the user's fingers, as after another account was connected in another tab.
 */
function useImplicitChoice({ preferredId, positions, ...known }: JourneyStepsProps): string | undefined {
  const [implicitId, setImplicitId] = useState<string>();
  const only = entityChoice({ positions, ...known }).chosen?.EntityID;
  if (preferredId === undefined && implicitId === undefined && positions && only !== undefined) setImplicitId(only);
  return implicitId;
}

/** The whole journey, with wallet and commitment. It suspends until the page's own reads of the chain arrive. */
function JourneyOnChain(props: OnChainProps) {
  const { settings, chain } = props;
  const { positions } = usePositions(chain);
  const implicitId = useImplicitChoice({ ...props, positions });
  const held = useHeldEntity(entityChoice({ ...props, implicitId, positions }).chosen);
  const known = { ...props, implicitId, positions, ...(held && { held }) };
  const { chosen, choosable } = entityChoice(known);
  const purchase = usePurchase({ settings, chain, entity: chosen });
  const namesEntity = choosable.length > 1 || props.preferredId !== undefined;
  const content = purchaseContent({ settings, chain, purchase, chosen, choosable, namesEntity });
  return <JourneySteps {...known} tokens={purchase.saleState?.tokens} purchase={purchase.state} content={content} />;
}

interface JourneySectionProps {
  settings: PublicSettings;
  /** See `offersOnePress`. */
  onePress: boolean;
  /** The entity that was chosen last, from the cookie. */
  preferredEntityId?: string;
}

/** The steps of the signed-in user. It suspends until the page's own read of the entities arrives. */
export function JourneySection({ settings, onePress, preferredEntityId }: JourneySectionProps) {
  const { entities, error, refetch, refreshing } = useSonarEntities(settings);
  const preference = usePreferredEntity(preferredEntityId);
  const read = toRead({ data: entities, error });
  const known = { settings, onePress, entities: read, onRetry: refetch, retrying: refreshing, ...preference };
  // The email is a single line, and the entities must not wait for it.
  return (
    <Suspense fallback={<JourneyBeforeChain {...known} />}>
      <JourneyWithProfile {...known} />
    </Suspense>
  );
}

function JourneyWithProfile(props: JourneyStepsProps) {
  const { profile } = useSonarProfile();
  const known = { ...props, profileEmail: profile?.EmailAddress };
  const { chain } = props.settings;
  if (!chain) return <JourneySteps {...known} />;
  // They must not wait for the chain either.
  return (
    <Suspense fallback={<JourneyBeforeChain {...known} />}>
      <JourneyOnChain {...known} chain={chain} />
    </Suspense>
  );
}

/** The journey while the chain has not answered. The wallet's state is known without it. */
function JourneyBeforeChain(props: JourneyStepsProps) {
  const { chain } = props.settings;
  const { state } = useWallet();
  if (!chain) return <JourneySteps {...props} />;
  const content = { wallet: <JourneyWallet chain={chain} needed />, commit: null, address: walletInUse(state) };
  return <JourneySteps {...props} purchase={loadingPurchase(chain, state)} content={content} />;
}

/** The journey while the entities are loading, and before there is a connection to read them with. */
export function WaitingJourney({ settings, onePress }: JourneySectionProps) {
  return <JourneyBeforeChain settings={settings} onePress={onePress} entities={{ status: "loading" }} />;
}
