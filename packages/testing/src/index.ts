export * from './stack.js';
export * from './eventually.js';
export * from './model-server.js';
export * from './name-server.js';
export * from './web-server.js';
export * from './certificates.js';
export * from './redis-proxy.js';
export * from './mail-server.js';
