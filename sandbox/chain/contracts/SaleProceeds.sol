// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SaleLedger} from "./SaleLedger.sol";
import {Stage} from "./SaleTypes.sol";

/// Payments to others than buyers: the accepted amounts to their receiver, and tokens that came here by mistake.
abstract contract SaleProceeds is SaleLedger {
    address public proceedsReceiver;

    /// Pays what was accepted and not withdrawn yet, in every token.
    function withdraw() external onlyRole(DEFAULT_ADMIN_ROLE) onlyDuring(Stage.Done) {
        for (uint256 i; i < _paymentTokens.length; ++i) {
            address token = _paymentTokens[i];
            uint256 available = _withdrawable(token);
            if (available > 0) _withdraw(token, available);
        }
    }

    function withdrawPartial(
        address token,
        uint256 amount
    ) external onlyRole(DEFAULT_ADMIN_ROLE) onlyDuring(Stage.Done) {
        _requirePaymentToken(token);
        uint256 available = _withdrawable(token);
        if (amount > available) revert WithdrawalExceedsAvailable(token, amount, available);
        _withdraw(token, amount);
    }

    function setProceedsReceiver(address receiver) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireAddress(receiver);
        emit ProceedsReceiverChanged(proceedsReceiver, receiver);
        proceedsReceiver = receiver;
    }

    /// For emergencies: takes any token, the buyers' own too, and leaves the accounts as they are.
    function recoverTokens(address token, uint256 amount, address to) external onlyRole(TOKEN_RECOVERER_ROLE) {
        emit TokensRecovered(token, amount, to);
        _pay(token, to, amount);
    }

    function _requireAddress(address account) internal pure {
        if (account == address(0)) revert ZeroAddress();
    }

    function _withdrawable(address token) private view returns (uint256) {
        return _totals.accepted[token] - _totals.withdrawn[token];
    }

    function _withdraw(address token, uint256 amount) private {
        _totals.withdrawn[token] += amount;
        emit ProceedsWithdrawn(proceedsReceiver, token, amount);
        _pay(token, proceedsReceiver, amount);
    }
}
