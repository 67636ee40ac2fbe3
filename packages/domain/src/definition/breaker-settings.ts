import { z } from 'zod';
import { MAX_SECONDS } from './limits.js';

const count = z.int().min(1);
const seconds = z.number().positive().max(MAX_SECONDS);
const share = z.number().positive().max(1);
/** One bucket of the window is at least a sixtieth of it. */
const MAX_WINDOW_SECONDS = 86_400;
const MAX_IGNORED = 100;

/** How breakers are set, wherever they are: in a definition, at an agent, for a tenant. All members are optional. */
export const breakerSettingsSchema = z.strictObject({
  failure_threshold: count.optional(),
  failure_rate: share.optional(),
  slow_call_rate: share.optional(),
  slow_call_seconds: seconds.optional(),
  minimum_calls: count.optional(),
  window_seconds: seconds.max(MAX_WINDOW_SECONDS).optional(),
  reset_timeout_seconds: seconds.optional(),
  half_open_max_calls: count.optional(),
  ignored_errors: z.array(z.string().min(1).max(128)).max(MAX_IGNORED).optional(),
});
