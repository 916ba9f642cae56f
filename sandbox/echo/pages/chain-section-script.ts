/** The script of the panel's section on the sale, as text. It follows the panel's own and uses its functions. */
export const CHAIN_SECTION_SCRIPT = `
const put = (name, text) => {
  const place = document.querySelector('[data-fact="' + name + '"]');
  if (place.textContent !== text) place.textContent = text;
};
const moment = (seconds) => new Date(seconds * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

function amount(smallest) {
  const digits = smallest.padStart(7, "0");
  const decimals = digits.slice(-6).replace(/0{1,4}$/, "");
  return BigInt(digits.slice(0, -6)).toLocaleString() + "." + decimals;
}

function distance(seconds) {
  if (seconds < 60) return "with the wall clock";
  const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"]].find(([size]) => seconds >= size);
  const count = Math.round((seconds / size) * 10) / 10;
  return count + " " + unit + (count === 1 ? "" : "s") + " ahead";
}

let chain;
function drawChain(state) {
  // Only at first: later it is what the person here has chosen.
  if (!chain) document.querySelector('[data-put="chain/stage"]').elements.stage.value = state.stage;
  chain = state;
  put("stage", state.stage + (state.paused ? ", paused" : ""));
  put("clock", moment(state.time) + ", " + distance(state.ahead));
  put("committed", amount(state.totalCommitted) + " by " + state.entities + (state.entities === 1 ? " entity" : " entities"));
  put("settled", amount(state.totalAccepted) + ", " + amount(state.totalRefunded));
  put("window", moment(state.window.opensAt) + " to " + moment(state.window.closesAt) + (state.time < state.window.closesAt ? "" : " (over)"));
  for (const flag of document.querySelectorAll("[data-flag]")) flag.checked = state[flag.dataset.flag];
}

async function refreshChain() {
  let problem = "";
  try {
    drawChain(await call("GET", "chain"));
  } catch (error) {
    problem = "The sale cannot be steered: " + error.message + ".";
  }
  byId("chain-problem").textContent = problem;
  byId("chain-problem").hidden = problem === "";
  byId("chain-tools").disabled = problem !== "";
}

async function steer(done, ...request) {
  await act(done, ...request);
  await refreshChain();
}

function valuesOf(form) {
  const numbers = [...form.elements].filter((field) => field.type === "number").map((field) => field.name);
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, numbers.includes(name) ? Number(value) : value]));
}

for (const form of document.querySelectorAll("form[data-put], form[data-post]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { put: toPut, post } = form.dataset;
    steer(post ? "The sale is settled." : "Set.", post ? "POST" : "PUT", post || toPut, valuesOf(form));
  });
}
for (const flag of document.querySelectorAll("[data-flag]")) {
  flag.addEventListener("change", () => {
    const [path, field] = flag.dataset.sets.split(" ");
    steer("Set.", "PUT", path, { [field]: flag.checked });
  });
}
for (const button of document.querySelectorAll("[data-chain]")) {
  button.addEventListener("click", () => steer(button.dataset.said, ...button.dataset.chain.split(" "), {}));
}
for (const button of document.querySelectorAll("[data-ahead]")) {
  button.addEventListener("click", () => {
    const { ahead } = button.dataset;
    const seconds = ahead === "window" ? Math.max(1, chain.window.closesAt - chain.time) : Number(ahead);
    steer("The chain's clock has moved.", "POST", "chain/move-clock", { seconds });
  });
}
byId("wallet").addEventListener("submit", (event) => {
  event.preventDefault();
  const { wallet, token, amount: units } = valuesOf(event.target);
  steer("Given.", "POST", "chain/mint", { wallet, token, amount: units + "000000" });
});
for (const button of document.querySelectorAll("[data-gas]")) {
  button.addEventListener("click", () => {
    const wallet = byId("wallet").elements.wallet.value;
    steer("Done.", "PUT", "chain/native-balance", { wallet, wei: button.dataset.gas });
  });
}
async function pollChain() {
  await refreshChain();
  setTimeout(pollChain, 2000);
}
pollChain();
`;
