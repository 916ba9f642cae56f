import { HEAP_LIMIT_MB, startSmallServer, TABS, VISITORS } from "@/tests/support/app/overlapping-loads";

const LOADS = 20_000;
const STEP = 1_000;

/** Loads the page by all visitors at once and prints what is alive after each thousand. Fails when the server dies, and ends by itself. */
async function soak(loads: number): Promise<void> {
  const server = await startSmallServer();
  let started = performance.now();
  const report = async (done: number): Promise<void> => {
    if (done % STEP !== 0) return;
    const perSecond = STEP / ((performance.now() - started) / 1_000);
    started = performance.now();
    const { heap, resident } = await server.memory();
    const memory = `live heap ${heap.toFixed(1)} MB, resident ${resident.toFixed(0)} MB`;
    console.log(`${String(done).padStart(6)} loads: ${memory}, ${perSecond.toFixed(0)} loads/s`);
  };
  try {
    await server.load(loads, report);
  } finally {
    await server.close();
  }
}

const load = `${VISITORS} connected visitors with ${TABS} tabs each, without a pause`;
console.log(`Node ${process.version}, ${load}, heap limit ${HEAP_LIMIT_MB} MB`);
await soak(Number(process.argv[2] ?? LOADS)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
