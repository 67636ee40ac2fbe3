/** Redis' own time, milliseconds. */
export const REDIS_CLOCK = `local t = redis.call('TIME')
return t[1] * 1000 + math.floor(t[2] / 1000)`;

/** @param clock the body of a function that gives milliseconds */
export const clockOf = (clock: string): string => `local function clock() ${clock} end
`;

/** RFC 3339 of milliseconds: Lua has no calendar in a script. Source of the arithmetic: days_from_civil, H. Hinnant. */
export const RFC_3339 = `
local function rfc3339(ms)
  local s = math.floor(ms / 1000)
  local days = math.floor(s / 86400)
  local z = days + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  local r = s - days * 86400
  return string.format('%04d-%02d-%02dT%02d:%02d:%02d.%03dZ', year, month, doy - math.floor((153 * mp + 2) / 5) + 1,
    math.floor(r / 3600), math.floor(r / 60) % 60, r % 60, ms - s * 1000)
end
`;
