import type { PrivilegeLevel } from '../privilege/privilege-level.js';
import type { ToolSpec } from './tool.js';

/** Each tool at the higher of both levels: now, and when the version was published. Source: the definition language, "Versions". */
export const raisedLevels = (
  tools: Readonly<Record<string, ToolSpec>>,
  atPublish: Readonly<Record<string, PrivilegeLevel>>,
): Record<string, ToolSpec> =>
  Object.fromEntries(
    Object.entries(tools).map(([name, spec]) => {
      const published = Object.hasOwn(atPublish, name) ? (atPublish[name] ?? 1) : 1;
      const min_privilege_level = Math.max(spec.min_privilege_level, published) as PrivilegeLevel;
      return [name, { ...spec, min_privilege_level }];
    }),
  );
