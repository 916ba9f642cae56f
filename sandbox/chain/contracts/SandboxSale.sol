// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SaleBids} from "./SaleBids.sol";
import {
    CommitmentDataReader,
    EntityAllocationDataReader,
    OffchainSettlement,
    TotalAllocationsReader,
    TotalCommitmentsReader
} from "./SaleInterfaces.sol";
import {SaleProceeds} from "./SaleProceeds.sol";
import {SaleReturns} from "./SaleReturns.sol";
import {SaleSettlement} from "./SaleSettlement.sol";
import {SaleViews} from "./SaleViews.sol";
import {Init, Stage} from "./SaleTypes.sol";

/// A sale with the interface and behaviour of a Sonar sale, for buyers and operators. For tests only: it was never audited.
contract SandboxSale is SaleBids, SaleReturns, SaleSettlement, SaleProceeds, SaleViews {
    constructor(Init memory init) {
        _requireAddress(init.admin);
        _requireAddress(init.purchasePermitSigner);
        _requireAddress(init.proceedsReceiver);
        if (init.maxWalletsPerEntity == 0) revert ZeroMaxWalletsPerEntity();
        if (init.paymentTokens.length == 0) revert NoPaymentTokens();
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

    function supportsInterface(bytes4 id) public view override returns (bool) {
        return
            id == type(CommitmentDataReader).interfaceId ||
            id == type(EntityAllocationDataReader).interfaceId ||
            id == type(TotalCommitmentsReader).interfaceId ||
            id == type(TotalAllocationsReader).interfaceId ||
            id == type(OffchainSettlement).interfaceId ||
            super.supportsInterface(id);
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
