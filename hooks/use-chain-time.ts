"use client";

import { useEffect, useState } from "react";

const NOTHING = { blockTime: 0, seconds: 0 };

/**
 * The chain's time in Unix seconds: that of the latest block known, run on by what has passed here since it became known. The visitor's
 * own clock may be wrong by hours; only its pace is trusted. `blockTime` 0 stands for none yet.
 */
export function useChainTime(blockTime: number, everyMs: number): number {
  const [passed, setPassed] = useState(NOTHING);
  useEffect(() => {
    const start = performance.now();
    const update = () => setPassed({ blockTime, seconds: Math.floor((performance.now() - start) / 1000) });
    const timer = setInterval(update, everyMs);
    return () => clearInterval(timer);
  }, [blockTime, everyMs]);
  return blockTime + (passed.blockTime === blockTime ? passed.seconds : 0);
}
