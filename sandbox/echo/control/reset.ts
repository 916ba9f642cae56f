import { restoreEcho, type Echo } from "../echo";
import { onChain } from "./chain";

/** Restores the initial state of everything but the grants: of the chain too, if there is one. */
export async function resetAll(echo: Echo): Promise<void> {
  restoreEcho(echo);
  if (echo.chain.rpcUrl !== undefined) await resetSale(echo);
}

/** A new chain at wall time, without commitments and with every wallet free. */
export async function resetSale(echo: Echo): Promise<void> {
  await onChain(echo, () => echo.chain.reset());
  echo.anchor.restart();
  echo.listing.forget();
}
