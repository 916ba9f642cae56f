/** The greatest value of a uint256; as a permit's maximum it means "no limit". */
export const MAX_UINT256 = 2n ** 256n - 1n;

/** The greatest value of a uint64, the type of prices and times on the contract. */
export const MAX_UINT64 = 2n ** 64n - 1n;
