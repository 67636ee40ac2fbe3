export { createOutgoing, type OutgoingOptions } from './create-outgoing.js';
export { InvalidRuleError } from './parse-rule.js';
export { type OutgoingPolicy } from './policy.js';
export { dnsResolver } from './resolver.js';
