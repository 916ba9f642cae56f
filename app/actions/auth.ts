"use server";

import {
  connectAccount,
  disconnectAccount,
  readSessionStatus,
  signIn,
  signOut,
  type SessionStatus,
} from "@/lib/account";
import { guarded } from "@/lib/guarded";
import { success, type Result } from "@/lib/result";

export async function login(): Promise<Result<void>> {
  return guarded("login", async () => success(await signIn()));
}

export async function logout(): Promise<Result<void>> {
  return guarded("logout", async () => success(await signOut()));
}

export async function getSessionStatus(): Promise<Result<SessionStatus>> {
  return guarded("getSessionStatus", async () => success(await readSessionStatus()));
}

export async function getSonarAuthorizationUrl(returnTo?: string): Promise<Result<{ url: string }>> {
  return guarded("getSonarAuthorizationUrl", () => connectAccount("sonar", returnTo));
}

export async function disconnectSonar(): Promise<Result<void>> {
  return guarded("disconnectSonar", () => disconnectAccount("sonar"));
}
