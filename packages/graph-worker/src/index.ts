export { bundleGraphs, type GraphBundle } from './bundle-graphs.js';
export { createGraphWorker, type GraphWorker, type GraphWorkerOptions } from './create-graph-worker.js';
export { graphsQueue } from '@aumos/agf-domain/runtime';
