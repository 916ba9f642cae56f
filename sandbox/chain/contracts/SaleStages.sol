// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControlEnumerable} from "@openzeppelin/contracts/access/extensions/AccessControlEnumerable.sol";
import {SaleErrors} from "./SaleErrors.sol";
import {SaleEvents} from "./SaleEvents.sol";
import {Stage} from "./SaleTypes.sol";

/// Permissions by role and time: roles, stages, the pause and the switches of a sale.
abstract contract SaleStages is SaleErrors, SaleEvents, AccessControlEnumerable {
    bytes32 public constant PURCHASE_PERMIT_SIGNER_ROLE = keccak256("PURCHASE_PERMIT_SIGNER_ROLE");
    bytes32 public constant SALE_MANAGER_ROLE = keccak256("SALE_MANAGER_ROLE");
    bytes32 public constant SETTLER_ROLE = keccak256("SETTLER_ROLE");
    bytes32 public constant SETTLEMENT_FINALIZER_ROLE = keccak256("SETTLEMENT_FINALIZER_ROLE");
    bytes32 public constant PAUSER_ROLE = keccak256("PAUSER_ROLE");
    bytes32 public constant REFUNDER_ROLE = keccak256("REFUNDER_ROLE");
    /// Nobody has these two roles until the administrator grants them.
    bytes32 public constant TOKEN_RECOVERER_ROLE = keccak256("TOKEN_RECOVERER_ROLE");
    bytes32 public constant COMMITMENT_REDUCER_ROLE = keccak256("COMMITMENT_REDUCER_ROLE");

    Stage public stage;
    bool public paused;
    bool public claimRefundEnabled;
    bool public reduceCommitmentEnabled;
    uint8 public maxWalletsPerEntity;

    /// The stage is checked before the pause, so that a buyer learns of the obstacle that will not pass by itself.
    modifier onlyUnpausedDuring(Stage wanted) {
        _requireStage(wanted);
        if (paused) revert SalePaused();
        _;
    }

    modifier onlyDuring(Stage wanted) {
        _requireStage(wanted);
        _;
    }

    function openCommitment() external onlyRole(SALE_MANAGER_ROLE) onlyDuring(Stage.PreOpen) {
        _enter(Stage.Commitment);
    }

    function openCancellation() external onlyRole(SALE_MANAGER_ROLE) onlyDuring(Stage.Commitment) {
        _enter(Stage.Cancellation);
    }

    /// A sale can skip the cancellation stage.
    function openSettlement() external onlyRole(SALE_MANAGER_ROLE) {
        if (stage != Stage.Commitment && stage != Stage.Cancellation) {
            Stage[] memory wanted = new Stage[](2);
            (wanted[0], wanted[1]) = (Stage.Commitment, Stage.Cancellation);
            revert InvalidStage(stage, wanted);
        }
        _enter(Stage.Settlement);
    }

    /// From any stage to any other; only for emergencies.
    function unsafeSetStage(Stage next) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _enter(next);
    }

    /// Any pauser can pause the sale; only a manager can end the pause, see `setPaused`.
    function pause() external onlyRole(PAUSER_ROLE) {
        _setPaused(true);
    }

    function setPaused(bool isPaused) external onlyRole(SALE_MANAGER_ROLE) {
        _setPaused(isPaused);
    }

    function setClaimRefundEnabled(bool enabled) external onlyRole(SALE_MANAGER_ROLE) {
        claimRefundEnabled = enabled;
        emit ClaimRefundEnabledChanged(enabled);
    }

    function setReduceCommitmentEnabled(bool enabled) external onlyRole(SALE_MANAGER_ROLE) {
        reduceCommitmentEnabled = enabled;
        emit ReduceCommitmentEnabledChanged(enabled);
    }

    function setMaxWalletsPerEntity(uint8 next) external onlyRole(SALE_MANAGER_ROLE) {
        if (next == 0) revert ZeroMaxWalletsPerEntity();
        emit MaxWalletsPerEntityChanged(maxWalletsPerEntity, next);
        maxWalletsPerEntity = next;
    }

    function _enter(Stage next) internal {
        emit StageChanged(stage, next);
        stage = next;
    }

    function _requireStage(Stage wanted) private view {
        if (stage == wanted) return;
        Stage[] memory want = new Stage[](1);
        want[0] = wanted;
        revert InvalidStage(stage, want);
    }

    function _setPaused(bool isPaused) private {
        paused = isPaused;
        emit PausedStateChanged(isPaused);
    }
}
