/**
 * The gas to allow for a call whose cost was estimated. More than the estimate: a bid in the same second as the one before writes no new time,
 * so it is estimated too low when the second is over before it is mined, and some wallets forget what nested calls need (sonar.md 4.7). What
 * is not used is not paid.
 */
export function gasLimit(estimate: bigint): bigint {
  return (estimate * 3n) / 2n + 50_000n;
}
