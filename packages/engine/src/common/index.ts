export * from './messages.js';
export * from './timing.js';
