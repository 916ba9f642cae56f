import { BID_SEMANTICS } from "@/tests/conformance/rules/bid-semantics";
import { BID_TERMS } from "@/tests/conformance/rules/bid-terms";
import { CANCELLING } from "@/tests/conformance/rules/cancelling";
import { CHECK_ORDER } from "@/tests/conformance/rules/check-order";
import { FUNDING } from "@/tests/conformance/rules/funding";
import { PURCHASE_PERMIT } from "@/tests/conformance/rules/purchase-permit";
import { REDUCING } from "@/tests/conformance/rules/reducing";
import { REFUNDS } from "@/tests/conformance/rules/refunds";
import { REPLACING } from "@/tests/conformance/rules/replacing";
import { STAGE_AND_PAUSE } from "@/tests/conformance/rules/stage-and-pause";
import type { RuleGroup } from "@/tests/conformance/support/rule";

/** Every rule of sonar.md 4.5 to 4.8. */
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
];
