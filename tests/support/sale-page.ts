import type { Locator, Page } from "@playwright/test";

/** The app's main page and the way to Sonar and back, by the names that a person reads. */
export class SalePage {
  constructor(readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto("/");
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  async signIn(): Promise<void> {
    await this.button("Sign in").click();
    await this.button("Connect with Sonar").waitFor();
  }

  async signOut(): Promise<void> {
    await this.button("Sign out").click();
    await this.button("Sign in").waitFor();
  }

  /** Goes to the sandbox's consent page and stops there. */
  async beginConnect(): Promise<void> {
    await this.button("Connect with Sonar").click();
    await this.button("Approve").waitFor();
  }

  /** Chooses a persona by its name and approves; ends back in the app. */
  async approveAs(persona: string): Promise<void> {
    await this.page.getByRole("radio", { name: new RegExp(`^${persona}\\b`) }).check();
    await this.button("Approve").click();
    await this.page.waitForURL((url) => url.hostname === "localhost");
  }

  /** Refuses; ends back in the app. */
  async deny(): Promise<void> {
    await this.button("Deny").click();
    await this.page.waitForURL((url) => url.hostname === "localhost");
  }

  /** The whole way from nothing: open, sign in, connect, approve. */
  async connectAs(persona: string): Promise<void> {
    await this.open();
    await this.signIn();
    await this.beginConnect();
    await this.approveAs(persona);
  }

  async disconnect(): Promise<void> {
    await this.button("Disconnect Sonar").click();
    await this.button("Connect with Sonar").waitFor();
  }
}
