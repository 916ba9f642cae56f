// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bid, Stage} from "./SaleTypes.sol";

/// Every event of the sale.
interface SaleEvents {
    event StageChanged(Stage indexed previous, Stage indexed next);
    event PausedStateChanged(bool paused);
    event ClaimRefundEnabledChanged(bool enabled);
    event ReduceCommitmentEnabledChanged(bool enabled);
    event MaxWalletsPerEntityChanged(uint8 previous, uint8 next);

    event EntityInitialized(bytes16 indexed entityID, address indexed wallet);
    event WalletInitialized(bytes16 indexed entityID, address indexed wallet);
    event BidPlaced(bytes16 indexed entityID, address indexed wallet, Bid bid);
    event CommitmentIncreased(bytes16 indexed entityID, address indexed wallet, address indexed token, uint256 amount);
    event CommitmentReduced(bytes16 indexed entityID, address indexed wallet, address indexed token, uint256 amount);

    event AllocationSet(bytes16 indexed entityID, address indexed wallet, address indexed token, uint256 acceptedAmount);
    event WalletRefunded(bytes16 indexed entityID, address indexed wallet, address indexed token, uint256 amount);
    event EntityRefunded(bytes16 indexed entityID, uint256 amount);
    event RefundedEntitySkipped(bytes16 indexed entityID);

    event ProceedsWithdrawn(address indexed receiver, address indexed token, uint256 amount);
    event ProceedsReceiverChanged(address indexed previous, address indexed next);
    event TokensRecovered(address indexed token, uint256 amount, address indexed to);
}
