import "server-only";
import { environmentSchema } from "@/lib/config/env-schema";
import { withoutEmpty, type Source } from "@/lib/config/env-source";
import { ownSettings } from "@/lib/config/own-settings";
import { registeredProviders } from "@/lib/providers/index";

/** No other program's variables begin like this. */
const OWN_PREFIX = /^(SALE|SONAR|SANDBOX)_/;

/** A short name is soon like another program's: PORT is one letter from many. */
function slipsIn({ length }: string): number {
  return Math.min(2, Math.floor(length / 5));
}

/** True if `a` becomes `b` by correcting at most so many slips: a letter too many, too few, wrong, or swapped with the next one. */
function isWithin(slips: number, a: string, b: string): boolean {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  const [x, y] = [a.slice(same), b.slice(same)];
  if (x === y) return true;
  if (slips === 0) return false;
  const corrected: [a: string, b: string][] = [
    [x.slice(1), y],
    [x, y.slice(1)],
    [x.slice(1), y.slice(1)],
  ];
  if (x[0] === y[1] && x[1] === y[0]) corrected.push([x.slice(2), y.slice(2)]);
  return corrected.some(([left, right]) => isWithin(slips - 1, left, right));
}

/** The singular: TRUSTED_PROXY is three letters from TRUSTED_PROXIES, and nearer than any slip. */
function singular(name: string): string {
  return name.replace(/IES$/, "Y").replace(/S$/, "");
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const otherNumber = known.find((one) => singular(one) === singular(name.toUpperCase()));
  if (otherNumber !== undefined) return otherNumber;
  for (let slips = 0; slips <= slipsIn(name); slips += 1) {
    const found = known.find((one) => isWithin(slips, name.toUpperCase(), one));
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * A sentence for each variable that is set, is not one of this app's and looks like one: a mistyped SALE_PAUSED would pause nothing, and nobody
 * would be told. It is no error, because an environment may hold other programs' variables.
 */
export function unknownVariables(source: Source): string[] {
  const ofProviders = registeredProviders.flatMap(({ variables }) => Object.keys(variables));
  const known = [...Object.keys(environmentSchema.shape), ...Object.keys(ownSettings.shape), ...ofProviders];
  const unknown = Object.keys(withoutEmpty(source)).filter((name) => !known.includes(name));
  return unknown.flatMap((name) => {
    const meant = nearest(name, known);
    if (meant !== undefined) return [`${name} is not a variable of this app: did you mean ${meant}?`];
    return OWN_PREFIX.test(name) ? [`${name} is not a variable of this app, so it has no effect.`] : [];
  });
}
