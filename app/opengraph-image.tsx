import { siteImage, SiteMark } from "@/components/layout/site-image";
import { site } from "@/lib/config/site";

export const size = { width: 1200, height: 630 };
export const contentType = "image/png";
export const alt = site.headline;

/** The picture of shared links. A fork may replace this file with `opengraph-image.png`. */
export default function OpenGraphImage() {
  return siteImage(
    size,
    <div
      style={{
        display: "flex",
        flexDirection: "column",
        justifyContent: "space-between",
        width: "100%",
        height: "100%",
        padding: 80,
        background: "#f7f7f5",
        color: "#1b1b19",
        fontFamily: "Geist",
      }}
    >
      <div style={{ display: "flex", alignItems: "center", fontSize: 40 }}>
        <SiteMark size={72} radius={18} />
        <span style={{ marginLeft: 24 }}>{site.name}</span>
      </div>
      <div style={{ fontSize: 84, lineHeight: 1.12, letterSpacing: -2 }}>{site.headline}</div>
      <div style={{ fontSize: 32, lineHeight: 1.4, color: "#5b5b55" }}>{site.description}</div>
    </div>,
  );
}
