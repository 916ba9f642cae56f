import { siteImage, SiteMark } from "@/components/layout/site-image";

export const size = { width: 64, height: 64 };
export const contentType = "image/png";

/** The tab's icon. A fork may replace this file with `icon.svg` or `icon.png`. */
export default function Icon() {
  return siteImage(size, <SiteMark size={64} radius={16} />);
}
