import type { ChannelDefinition, WorkflowDefinition } from '@aumos/agf-domain/runtime';

/** Takes the error that an `on_error` or `on_open` edge follows. */
export const ERROR_CHANNEL = 'error';
/** Takes the errors of items that `on_item_error: collect` lets pass. */
export const ERRORS_CHANNEL = 'errors';

/** `error` exists in every execution; `errors` where items' errors are collected. Declared ones stay as declared. */
export function withImplicitChannels(definition: WorkflowDefinition): Record<string, ChannelDefinition> {
  const collects = definition.edges.some((edge) => edge.on_item_error === 'collect');
  return {
    [ERROR_CHANNEL]: {},
    ...(collects ? { [ERRORS_CHANNEL]: { reducer: 'append' as const, default: [] } } : {}),
    ...definition.state,
  };
}
