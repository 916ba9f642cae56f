import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** Whether this part of the page can answer already: the server's markup is seen before its code has run. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
