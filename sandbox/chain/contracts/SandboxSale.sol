// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SaleBids} from "./SaleBids.sol";
import {SaleReturns} from "./SaleReturns.sol";
import {SaleSettlement} from "./SaleSettlement.sol";
import {SaleViews} from "./SaleViews.sol";
import {Init, Stage} from "./SaleTypes.sol";

/// A sale with the interface and behaviour of a Sonar sale, as far as buyers see it. For tests only: it was never
/// audited, and lacks what only the operator of a real sale needs (withdrawing proceeds, recovering tokens).
contract SandboxSale is SaleBids, SaleReturns, SaleSettlement, SaleViews {
    address public proceedsReceiver;

    constructor(Init memory init) {
        saleUUID = init.saleUUID;
        proceedsReceiver = init.proceedsReceiver;
        claimRefundEnabled = init.claimRefundEnabled;
        reduceCommitmentEnabled = init.reduceCommitmentEnabled;
        maxWalletsPerEntity = init.maxWalletsPerEntity;
        for (uint256 i; i < init.paymentTokens.length; ++i) {
            _acceptPaymentToken(init.paymentTokens[i], init.expectedPaymentTokenDecimals);
        }
        _grantRoles(init);
        if (init.skipPreOpen) _enter(Stage.Commitment);
    }

    /// Returns the numbers of the stages.
    function version() external pure returns (uint32 major, uint32 minor, uint32 patch) {
        return (2, 0, 0);
    }

    function _grantRoles(Init memory init) private {
        _grantRole(DEFAULT_ADMIN_ROLE, init.admin);
        _grantRole(SALE_MANAGER_ROLE, init.admin);
        _grantRole(SETTLER_ROLE, init.admin);
        _grantRole(SETTLEMENT_FINALIZER_ROLE, init.admin);
        _grantRole(PAUSER_ROLE, init.admin);
        _grantRole(REFUNDER_ROLE, init.admin);
        _grantRole(PURCHASE_PERMIT_SIGNER_ROLE, init.purchasePermitSigner);
        _grantUnlessZero(SETTLER_ROLE, init.extraSettler);
        _grantUnlessZero(REFUNDER_ROLE, init.extraRefunder);
        for (uint256 i; i < init.extraManagers.length; ++i) _grantRole(SALE_MANAGER_ROLE, init.extraManagers[i]);
        for (uint256 i; i < init.extraPausers.length; ++i) _grantRole(PAUSER_ROLE, init.extraPausers[i]);
    }

    function _grantUnlessZero(bytes32 role, address account) private {
        if (account != address(0)) _grantRole(role, account);
    }
}
