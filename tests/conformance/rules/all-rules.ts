import { BID_SEMANTICS } from "@/tests/conformance/rules/bid-semantics";
import { BID_TERMS } from "@/tests/conformance/rules/bid-terms";
import { CANCELLING } from "@/tests/conformance/rules/cancelling";
import { CHECK_ORDER } from "@/tests/conformance/rules/check-order";
import { FUNDING } from "@/tests/conformance/rules/funding";
import { DEPLOYING } from "@/tests/conformance/rules/deploying";
import { OPERATING } from "@/tests/conformance/rules/operating";
import { PROCEEDS } from "@/tests/conformance/rules/proceeds";
import { PURCHASE_PERMIT } from "@/tests/conformance/rules/purchase-permit";
import { READING } from "@/tests/conformance/rules/reading";
import { REDUCING } from "@/tests/conformance/rules/reducing";
import { REFUNDS } from "@/tests/conformance/rules/refunds";
import { REPLACING } from "@/tests/conformance/rules/replacing";
import { STAGE_AND_PAUSE } from "@/tests/conformance/rules/stage-and-pause";
import type { RuleGroup } from "@/tests/conformance/support/rule";

/** Every rule of the sale contract (sonar.md 4). */
export const ALL_RULES: readonly RuleGroup[] = [
  STAGE_AND_PAUSE,
  PURCHASE_PERMIT,
  BID_TERMS,
  REPLACING,
  CHECK_ORDER,
  BID_SEMANTICS,
  FUNDING,
  CANCELLING,
  REDUCING,
  REFUNDS,
  OPERATING,
  PROCEEDS,
  READING,
  DEPLOYING,
];
