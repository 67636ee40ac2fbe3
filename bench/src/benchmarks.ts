import { breakerChain } from './breaker/breaker-chain.js';
import { type Benchmark } from './run/benchmark.js';
import { gateEvaluate } from './gate/gate-evaluate.js';

/** In the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [gateEvaluate, breakerChain];
