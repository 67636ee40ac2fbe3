export * from './stack.js';
export * from './eventually.js';
export * from './model-server.js';
export * from './redis-proxy.js';
