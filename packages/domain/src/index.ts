export * from './cache/bounded-cache.js';
export * from './json/json.js';
export * from './definition/definition.js';
export * from './privilege/privilege-level.js';
export * from './privilege/same-person.js';
export * from './errors/codes.js';
export * from './errors/fault.js';
export * from './errors/text.js';
export * from './execution/execution.js';
export * from './execution/execution-event.js';
export * from './execution/signals.js';
export { rfc3339Ms } from './expression/time.js';
export * from './approval/approval.js';
export * from './approval/approval-rule.js';
export { decidersOf, atLeast } from './approval/deciders-of-stages.js';
export * from './approval/make-approval-rule.js';
export * from './approval/fulfillable.js';
export * from './approval/present-people.js';
export * from './approval/remaining.js';
export * from './approval/business-hours.js';
export * from './approval/approver-ref.js';
export * from './approval/standing-approval.js';
export * from './approval/notice.js';
export * from './approval/channel.js';
export * from './breaker/breaker.js';
export * from './breaker/breaker-config.js';
export * from './breaker/call-outcome.js';
export * from './breaker/isolations.js';
export * from './breaker/duration-buckets.js';
export * from './tool/tool.js';
export * from './tool/outgoing.js';
export * from './tool/raised-levels.js';
export * from './tool/execution-starter.js';
export * from './tool/tool-models.js';
export * from './tool/connection/connection.js';
export { MAIL_ADDRESS, type SettingsOf } from './tool/connection/connection-language.js';
export * from './tool/connection/check-connection.js';
export * from './tool/connection/ticket-arguments.js';
export * from './tool/registry/tool-definition.js';
export * from './tool/registry/tool-registry.js';
export { checkTool, type CheckedTool } from './tool/registry/check-tool.js';
export { REQUEST_SCOPE, RESULT_SCOPE } from './tool/registry/scopes.js';
export { type McpAsked } from './tool/registry/check-mcp.js';
export { type McpOffer, type McpPin, offerHash } from './tool/registry/mcp-offer.js';
export { askedOf, offerOf, pinTool, type PinnedTool } from './tool/registry/pin-tool.js';
export { SECRET_NAME } from './tool/registry/tool-language.js';
export { parseUrlTemplate, UrlTemplateError } from './tool/registry/url-template.js';
export * from './agent/agent.js';
export * from './agent/elevation.js';
export * from './keys/keys.js';
export * from './keys/child-execution-id.js';
export * from './events/events.js';
export type {
  BreakerChange,
  BreakerRecord,
  BreakerStep,
  Bucket,
  ClosedBreaker,
  HalfOpenBreaker,
  OpenBreaker,
} from './breaker/breaker-record.js';
export { untouchedBreaker } from './breaker/breaker-record.js';
export { type CallEnd, countsOf } from './breaker/window.js';
export { countsOnce, hasRates, isCounted, isSlow, outcomeFor, type ReportedOutcome } from './breaker/judge.js';
export * from './breaker/breaker-rules.js';
export * from './breaker/isolate-breaker.js';
export * from './breaker/breaker-chain.js';
export * from './breaker/drill.js';
export { FORBIDDEN_KEYS, ownMember } from './json/own.js';
export * from './json/size.js';
export * from './json/text.js';
export * from './canonical/canonical-json.js';
export * from './canonical/hash.js';
export * from './privilege/effective-level.js';
export * from './privilege/may-decide.js';
export * from './expression/errors.js';
export * from './expression/scope.js';
export * from './expression/compile-expression.js';
export * from './expression/compile-value.js';
export * from './schema/schema-issue.js';
export * from './schema/compile-schema.js';
export * from './state/state.js';
export * from './state/reducers.js';
export * from './state/checked-writes.js';
export * from './gate/resolve-gate.js';
export * from './gate/gate-policy.js';
export * from './gate/evaluate-gate.js';
export * from './definition/limits.js';
export * from './definition/catalog.js';
export * from './definition/availability.js';
export * from './definition/json-schema.js';
export { parseDefinition, type ParsedDefinition } from './definition/parse-definition.js';
export * from './definition/validate-definition.js';
export { checkBreakerSettings } from './definition/check-breaker-settings.js';
export * from './definition/check-gate-policy.js';
export * from './definition/merge-publication.js';
export * from './definition/define-workflow.js';
export { cel } from './definition/code/expression-text.js';
export {
  handlersOf,
  typedSignal,
  typedTool,
  type KnowsTypes,
  type Signature,
  type TypedHandler,
  type TypedSignal,
  type TypedTool,
  type TypedWorkflow,
} from './definition/code/callables.js';
export { typed, type Channel, type NothingYet, type Shape, type Typed, type With } from './definition/code/shape.js';
export type { Expr, Given, Gives, ValueOf } from './definition/code/expr.js';
export type { FromJsonSchema, JsonSchemaLiteral } from './schema/from-json-schema.js';
export * from './definition/analysis/analyse-gates.js';
export { toMermaid } from './definition/export/to-mermaid.js';
export { toLangGraph } from './definition/export/to-langgraph.js';
export { type OwnGate } from './definition/analysis/own-gate.js';
export * from './definition/analysis/blast-radius.js';
export * from './definition/analysis/chain-tree.js';
export * from './definition/analysis/published.js';
export * from './definition/analysis/workflow-info.js';
export * from './approval/decide-approval.js';
export * from './audit/audit-entry.js';
export * from './audit/audit-verification.js';
