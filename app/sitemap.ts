import type { MetadataRoute } from "next";
import { environmentCheck } from "@/lib/config/env";
import { site } from "@/lib/config/site";

// The address is known only at run time.
export const dynamic = "force-dynamic";

/** The pages for everybody: the start page, and those of this site that header and footer link to. None of the sandbox. */
export default function sitemap(): MetadataRoute.Sitemap {
  const check = environmentCheck();
  if (!check.ok || check.env.sandbox) return [];
  const linked = [...site.navigation, ...site.legal].map(({ href }) => href).filter((href) => href.startsWith("/"));
  return [...new Set(["/", ...linked])].map((path) => ({ url: new URL(path, check.env.appUrl).href }));
}
