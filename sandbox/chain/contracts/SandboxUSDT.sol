// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// Behaves like mainnet's USDT where it causes trouble: transfer, transferFrom and approve return nothing, an allowance
/// must go through zero to be changed, there is no EIP-2612, and every refusal is without data: allowance, balance, a
/// blocked account and a pause look alike. An approval is checked for neither of the last two. It is not an IERC20.
/// The account that deploys it is the issuer, who can block an account and pause the token. Anybody can mint.
contract SandboxUSDT {
    string public constant name = "Tether USD";
    string public constant symbol = "USDT";
    uint8 public constant decimals = 6;

    uint256 public totalSupply;
    mapping(address owner => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;
    mapping(address account => bool) public isBlackListed;
    bool public paused;
    address public immutable owner = msg.sender;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    event AddedBlackList(address account);
    event RemovedBlackList(address account);
    event Pause();
    event Unpause();

    modifier onlyOwner() {
        require(msg.sender == owner);
        _;
    }

    /// The receiver may be a blocked account, as in the original.
    modifier mayMove(address from) {
        require(!paused);
        require(!isBlackListed[from]);
        _;
    }

    function mint(address to, uint256 amount) external {
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    function addBlackList(address account) external onlyOwner {
        isBlackListed[account] = true;
        emit AddedBlackList(account);
    }

    function removeBlackList(address account) external onlyOwner {
        isBlackListed[account] = false;
        emit RemovedBlackList(account);
    }

    function pause() external onlyOwner {
        require(!paused);
        paused = true;
        emit Pause();
    }

    function unpause() external onlyOwner {
        require(paused);
        paused = false;
        emit Unpause();
    }

    function approve(address spender, uint256 amount) external {
        require(amount == 0 || allowance[msg.sender][spender] == 0);
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
    }

    function transfer(address to, uint256 amount) external mayMove(msg.sender) {
        _transfer(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external mayMove(from) {
        uint256 allowed = allowance[from][msg.sender];
        _assert(amount <= allowed);
        // As in the original, an unlimited allowance is not used up.
        if (allowed != type(uint256).max) allowance[from][msg.sender] = allowed - amount;
        _transfer(from, to, amount);
    }

    function _transfer(address from, address to, uint256 amount) private {
        _assert(amount <= balanceOf[from]);
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }

    /// The original's compiler made `assert` an invalid instruction: it uses up the gas and gives no data.
    function _assert(bool holds) private pure {
        if (holds) return;
        assembly {
            invalid()
        }
    }
}
