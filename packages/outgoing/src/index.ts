export { createOutgoing, type OutgoingOptions } from './create-outgoing.js';
export { type OutgoingPolicy } from './policy.js';
export { dnsResolver } from './resolver.js';
export { InvalidRuleError, parseRule } from './parse-rule.js';
export { TenantOutgoing } from './tenant-outgoing.js';
