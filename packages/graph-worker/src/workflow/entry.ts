import { AsyncLocalStorageProviderSingleton } from '@langchain/core/singletons';

type Storage = Parameters<typeof AsyncLocalStorageProviderSingleton.initializeGlobalInstance>[0];

// The sandbox has one of its own, bound to the workflow; LangGraph's web entry leaves it unset.
const { AsyncLocalStorage } = globalThis as unknown as { AsyncLocalStorage: new () => Storage };
AsyncLocalStorageProviderSingleton.initializeGlobalInstance(new AsyncLocalStorage());

export { teamGraph } from './team-graph.js';
