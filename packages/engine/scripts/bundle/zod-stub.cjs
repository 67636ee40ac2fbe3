/**
 * Stands in for zod inside the bundle: LangGraph builds some schemas when it is loaded, for graphs whose state is described
 * by zod. The engine's are not. Anything may be read, called and extended, and is nothing.
 */
const nothing = new Proxy(function () {}, {
  get: (target, key) => (key === 'prototype' ? target.prototype : typeof key === 'symbol' ? undefined : nothing),
  apply: () => nothing,
});

module.exports = nothing;
