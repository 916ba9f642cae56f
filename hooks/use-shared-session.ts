"use client";

import { useEffect } from "react";

const CHANNEL = "session";

/**
 * Keeps this browser's tabs in step: a tab that shows another session state than the one just loaded elsewhere reloads, so that after a
 * sign-out no tab goes on showing what it had. `state` names the session state that this page was rendered for.
 */
export function useSharedSession(state: string): void {
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = (event) => {
      if (event.data !== state) window.location.reload();
    };
    channel.postMessage(state);
    // A page from the back/forward cache has slept through every message.
    const reloadIfRestored = (event: PageTransitionEvent) => {
      if (event.persisted) window.location.reload();
    };
    window.addEventListener("pageshow", reloadIfRestored);
    return () => {
      channel.close();
      window.removeEventListener("pageshow", reloadIfRestored);
    };
  }, [state]);
}
