import { watchConnectors } from "wagmi/actions";
import type { Config, Connector } from "wagmi";

/** How long a wallet may take to announce itself after the page was loaded; extensions that do it at all do it at once. */
const PATIENCE_MS = 1000;

/** The wallet that was connected last; undefined when it is not there any more. */
export async function findLastConnector(config: Config): Promise<Connector | undefined> {
  const id = await config.storage?.getItem("recentConnectorId");
  const find = () => config.connectors.find((connector) => connector.id === id);
  if (!id || find()) return find();
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer);
      unwatch();
      resolve(find());
    };
    const timer = setTimeout(settle, PATIENCE_MS);
    const unwatch = watchConnectors(config, { onChange: () => find() && settle() });
  });
}
