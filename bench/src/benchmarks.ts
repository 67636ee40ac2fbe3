import { breakerChain, breakerFigures } from './breaker/breaker-chain.js';
import { decisionToStart } from './decision/decision-to-start.js';
import { waitingMemory } from './engine/memory.js';
import { chain10Activity, engineFigures } from './engine/engine-benchmarks.js';
import { eventLag } from './events/event-lag.js';
import { governanceOverhead } from './governance/governance-overhead.js';
import { gateEvaluate } from './gate/gate-evaluate.js';
import { localGoals } from './local/local-goals.js';
import { type Benchmark } from './run/benchmark.js';
import { sessionGet } from './session/session-get.js';
import { startAccept } from './start/start-accept.js';

/** In the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [
  startAccept(1),
  startAccept(50),
  chain10Activity,
  ...localGoals,
  governanceOverhead,
  gateEvaluate,
  decisionToStart,
  breakerChain(6, 50),
  sessionGet,
  eventLag,
  waitingMemory,
  ...engineFigures,
  ...breakerFigures,
];
