/**
 * Runs `work` unless another tab of this browser runs some under the same name: then it returns false and runs nothing. A browser without
 * locks is taken at its word that there is no other tab.
 */
export async function inOneTab(name: string, work: () => Promise<void>): Promise<boolean> {
  if (!("locks" in navigator)) {
    await work();
    return true;
  }
  return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}
