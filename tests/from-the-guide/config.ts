import { Hex } from "@echoxyz/sonar-core";

/** The guide's page passes the sale on; here the server knows its own, and takes no other. */
export const saleUUID = "5a1e0000-7e57-4a1e-8b2c-2c0ffee5a1e1";

export const frontendURL = "https://app.echo.xyz";

export const saleHome = new URL(`/sonar/${saleUUID}/home`, frontendURL);

export const investor: { wallet: Hex } = { wallet: "0x52908400098527886E0F7030069857D2E4169EE7" };
