import type { FieldError } from '../errors/codes.js';
import { checkedInput } from '../tool/registry/checked-input.js';
import { breakerSettingsSchema } from './breaker-settings.js';
import type { BreakerSettings } from './definition.js';

const MOST_BYTES = 32_768;

/** Settings of breakers as an agent or a tenant gives them. Takes anything, throws nothing. */
export function checkBreakerSettings(input: unknown): { settings: BreakerSettings } | { fields: FieldError[] } {
  const checked = checkedInput(input, breakerSettingsSchema, MOST_BYTES);
  return 'fields' in checked ? checked : { settings: checked.value as BreakerSettings };
}
