/**
 * Stands in for langsmith inside the bundle: a workflow traces through its activities. Its `.mjs` ending matters: webpack
 * then takes its imports as ES modules, as LangChain's own are.
 */
class RunTree {
  constructor(config) {
    Object.assign(this, config);
    this.extra = config?.extra ?? {};
  }
  static getSharedClient() {
    return undefined;
  }
}
class Client {
  async awaitPendingTraceBatches() {}
}
const AsyncLocalStorageProviderSingleton = {
  getInstance: () => ({ getStore() {}, run: (_store, run) => run() }),
  initializeGlobalInstance() {},
};
const ROOT = Symbol('root');
const no = () => false;
const nothing = () => undefined;
const isRunTree = (value) => value instanceof RunTree;
const isAsyncIterable = (value) => typeof value?.[Symbol.asyncIterator] === 'function';
const convertToDottedOrderFormat = () => ({ dottedOrder: '', microsecondPrecisionDatestring: '' });
const withRunTree = (_tree, run) => run();
const traceable = (run) => run;
const getDefaultProjectName = () => 'default';
const uuid7 = () => globalThis.crypto.randomUUID();

export {
  AsyncLocalStorageProviderSingleton,
  Client,
  ROOT,
  RunTree,
  convertToDottedOrderFormat,
  getDefaultProjectName,
  isAsyncIterable,
  isRunTree,
  traceable,
  uuid7,
  withRunTree,
  nothing as getCurrentRunTree,
  nothing as getEnvironmentVariable,
  no as isRunnableConfigLike,
  no as isTraceableFunction,
  no as isTracingEnabled,
};
