let taken = false;

/**
 * Lets one transaction at a time of this page through: a second press of the button comes before the first has been rendered. Returns what
 * ends it, or undefined while another one is under way.
 */
export function beginTransaction(): (() => void) | undefined {
  if (taken) return undefined;
  taken = true;
  return () => {
    taken = false;
  };
}
