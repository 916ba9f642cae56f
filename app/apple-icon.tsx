import { siteImage, SiteMark } from "@/components/layout/site-image";

export const size = { width: 180, height: 180 };
export const contentType = "image/png";

/** The icon on a phone's home screen, which rounds the corners itself. A fork may replace this file with `apple-icon.png`. */
export default function AppleIcon() {
  return siteImage(size, <SiteMark size={180} radius={0} />);
}
