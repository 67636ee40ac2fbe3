export * from './stack.js';
export * from './eventually.js';
