import type { Locator, Page } from "@playwright/test";

/** The page of connections and the way to a provider and back, by the names that a person reads. */
export class ConnectionsPage {
  constructor(readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto("/connections");
  }

  card(name: string): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  async signIn(): Promise<void> {
    await this.button("Sign in").click();
    await this.button("Connect OnceHub").waitFor();
  }

  /** Goes to a provider's consent page and stops there. */
  async begin(name: string): Promise<void> {
    await this.button(`Connect ${name}`).click();
    await this.button("Approve").waitFor();
  }

  /** Approves as whoever is chosen; ends back in the app. */
  async approve(): Promise<void> {
    await this.button("Approve").click();
    await this.page.waitForURL((url) => url.hostname === "localhost");
  }

  async connect(name: string): Promise<void> {
    await this.begin(name);
    await this.approve();
    await this.card(name.replace("with ", "")).getByText("Connected", { exact: true }).waitFor();
  }
}
