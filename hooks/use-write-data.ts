"use client";

import { useMutation } from "@tanstack/react-query";
import { callProvider } from "@/hooks/call-provider";

/** Stores an entry in the user's Interact account. `error` is a `FailureError`; nothing is sent twice unasked. */
export function useWriteData() {
  const { data, error, isPending, mutate } = useMutation({
    mutationFn: (entry: { title: string; text: string }) => callProvider("interact", "writeData", entry),
    retry: false,
  });
  const write = (entry: { title: string; text: string }, onStored: () => void) =>
    mutate(entry, { onSuccess: onStored });
  return { stored: data, error, writing: isPending, write };
}
