export { createLogger, type LoggingOptions } from './logging.js';
export { addLogFields, type LogFields, withLogFields } from './log-context.js';
