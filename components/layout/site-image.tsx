import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ImageResponse } from "next/og";
import type { ReactElement } from "react";
import { site } from "@/lib/config/site";

/** The static cut of the page's font, whose woff2 files the renderer cannot read. Nothing is fetched. */
const FONT = "node_modules/geist/dist/fonts/geist-sans/Geist-SemiBold.ttf";

/**
 * Hides a font's kerning (its GPOS table) under a name that no reader knows: the renderer draws words with it, but measures them without, so
 * that words would stand apart unevenly.
 */
function withoutKerning(font: Buffer): Buffer {
  const copy = Buffer.from(font);
  const entry = copy.indexOf("GPOS", 12, "latin1");
  // Behind 12 bytes, the directory has 16 for each table.
  if (entry >= 0 && entry < 12 + 16 * copy.readUInt16BE(4)) copy.write("none", entry, "latin1");
  return copy;
}

/** Draws a picture of this site, made once by the build. */
export async function siteImage(
  size: { width: number; height: number },
  content: ReactElement,
): Promise<ImageResponse> {
  const data = withoutKerning(await readFile(join(process.cwd(), FONT)));
  return new ImageResponse(content, { ...size, fonts: [{ name: "Geist", data, weight: 600, style: "normal" }] });
}

interface SiteMarkProps {
  /** In pixels. */
  size: number;
  radius: number;
}

/** The first letter of the site's name on its colour: the icon, for as long as a fork has no files of its own. */
export function SiteMark({ size, radius }: SiteMarkProps) {
  return (
    <div
      style={{
        display: "flex",
        alignItems: "center",
        justifyContent: "center",
        width: size,
        height: size,
        borderRadius: radius,
        background: site.accent.light,
        color: site.onAccent.light,
        fontFamily: "Geist",
        fontSize: size * 0.66,
        lineHeight: 1,
      }}
    >
      {[...site.name][0]}
    </div>
  );
}
