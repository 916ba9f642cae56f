import { startEcho } from "@/sandbox/echo/server";
import { SandboxClient } from "@/tests/support/sandbox-client";

/** A sandbox that a test has to itself. */
export interface TestSandbox {
  origin: string;
  port: number;
  control: SandboxClient;
  close(): Promise<void>;
}

/** What a test may decide about its sandbox. */
export interface TestSandboxOptions {
  /** Absent: a free port. */
  port?: number;
  redirectUris?: readonly string[];
  /** Where grants survive a restart; absent: in memory only. */
  dataFile?: string;
  /** Unix time in milliseconds. */
  now?: () => number;
}

/** Starts a sandbox in this process. An app that is told its port attaches to it instead of starting one. */
export async function startTestSandbox(options: TestSandboxOptions = {}): Promise<TestSandbox> {
  const { origin, close } = await startEcho({ port: 0, redirectUris: [], ...options });
  return { origin, port: Number(new URL(origin).port), control: new SandboxClient(origin), close };
}
