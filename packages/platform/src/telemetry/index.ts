export { currentTraceparent, withSpan } from './spans.js';
