/** Under which id and name the sandbox's wallet is offered. */
export const SANDBOX_WALLET = { id: "sandbox", name: "Sandbox wallet" } as const;
