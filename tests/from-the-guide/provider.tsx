"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { SessionProvider } from "@/hooks/use-session";

const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });

/** The providers of a site in the guide's shape; this app's layout has `PageProvider`, which holds the wallet too. */
export const Provider = ({ children }: { children: React.ReactNode }) => (
  <SessionProvider>
    <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
  </SessionProvider>
);
