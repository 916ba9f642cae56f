import "server-only";
import { z } from "zod";

/**
 * An EntityID as Sonar gives it and a client repeats it. It is opaque (sonar.md 2.1), so any text will do; whose it is, the user's own list
 * says. Without control characters, and not endless.
 */
export const entityIDSchema = z.string().regex(/^\P{Cc}{1,256}$/u);
