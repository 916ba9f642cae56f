import type { MetadataRoute } from "next";
import { environmentCheck } from "@/lib/config/env";

// The address is known only at run time.
export const dynamic = "force-dynamic";

/**
 * The paths without pages are left to nobody. A page that must not be listed says "noindex", as every page of the sandbox does, and is not
 * named here: only a robot that may read it can see that.
 */
export default function robots(): MetadataRoute.Robots {
  const check = environmentCheck();
  const listed = check.ok && !check.env.sandbox;
  return {
    rules: { userAgent: "*", disallow: ["/auth/", "/api/"] },
    ...(listed && { sitemap: `${check.env.appUrl}/sitemap.xml` }),
  };
}
