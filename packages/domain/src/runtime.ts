/**
 * What the workflow sandbox may use at run time: pure, deterministic, no zod, no graphology, nothing of Node.
 * Everything else of the package is types or belongs to publishing.
 */
export * from './json/json.js';
export * from './json/size.js';
export * from './json/text.js';
export * from './definition/definition.js';
export * from './privilege/privilege-level.js';
export * from './privilege/same-person.js';
export * from './privilege/effective-level.js';
export * from './privilege/may-decide.js';
export * from './errors/codes.js';
export * from './errors/fault.js';
export * from './errors/text.js';
export * from './execution/execution.js';
export * from './execution/signals.js';
export { MAX_SECONDS } from './definition/limits.js';
export { rfc3339Ms } from './expression/time.js';
export * from './approval/approval.js';
export * from './approval/approval-rule.js';
export { decidersOf, atLeast } from './approval/deciders-of-stages.js';
export * from './approval/make-approval-rule.js';
export * from './approval/approver-ref.js';
export * from './breaker/breaker.js';
export * from './breaker/call-outcome.js';
export * from './tool/tool.js';
export * from './agent/agent.js';
export * from './keys/keys.js';
export * from './keys/child-execution-id.js';
export * from './events/events.js';
export * from './canonical/canonical-json.js';
export * from './canonical/hash.js';
export * from './expression/errors.js';
export * from './expression/scope.js';
export * from './expression/compile-expression.js';
export * from './expression/compile-value.js';
export type { FromJsonSchema, JsonSchemaLiteral } from './schema/from-json-schema.js';
export * from './schema/schema-issue.js';
export * from './schema/compile-schema.js';
export * from './state/state.js';
export * from './state/reducers.js';
export * from './state/checked-writes.js';
export * from './gate/resolve-gate.js';
export * from './gate/gate-policy.js';
export * from './gate/evaluate-gate.js';
export * from './approval/decide-approval.js';
