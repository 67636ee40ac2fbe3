import { RFC_3339 } from './clock.js';

/** Transitions kept per tenant, about; the monitor reads them within seconds. */
const STREAM_CAP = 100_000;
/** How long a breaker that closed again remembers its epoch. */
const REMEMBER_CLOSED_MS = 86_400_000;

/**
 * What every script that changes breakers begins with. Given: `keys`, the names of the records its numbers stand for;
 * `raw`, their texts; `stream`. Gives: `load(i)`, `become(i, record, reason)`, `dirty`, and `commit()`, which writes.
 */
export const RECORDS = `
local now = clock()
local prefix = string.sub(stream, 1, -12)
local index = prefix .. 'index'
local records, dirty, changes = {}, {}, {}

local function load(i)
  if not records[i] then
    local record = raw[i] and cjson.decode(raw[i]) or {state = 'closed', epoch = 0, since = 0, window_ms = 0, buckets = {}}
    if record['until'] == cjson.null then record['until'] = nil end
    records[i] = record
  end
  return records[i]
end
local function next_epoch(record) return math.max(record.epoch + 1, now) end
local function become(i, record, reason, from)
  changes[#changes + 1] = {i = i, from = from or records[i].state, record = record, reason = reason}
  records[i], dirty[i] = record, true
end
local function open(i, reset, counts, reason, jitter)
  local till = now + math.floor(reset * (1 + 0.1 * jitter))
  become(i, {state = 'open', epoch = next_epoch(records[i]), since = now, ['until'] = till, counts = counts}, reason)
end
`;

/** Epochs and times are beyond what Lua prints of a number by itself, and an empty table has no kind: JSON by hand. */
const ENCODE = `
local function encode_counts(c) return string.format(',"counts":{"failures":%d,"calls":%d,"slow":%d}', c.failures, c.calls, c.slow) end
local function encode(record)
  local head = string.format('{"state":"%s","epoch":%.0f,"since":%.0f', record.state, record.epoch, record.since)
  if record.state == 'open' then
    local till = record['until'] and string.format('%.0f', record['until']) or 'null'
    return head .. ',"until":' .. till .. encode_counts(record.counts) .. (record.isolated and ',"isolated":true}' or '}')
  end
  local items = {}
  if record.state == 'half_open' then
    for id, ends in pairs(record.leases) do items[#items + 1] = cjson.encode(id) .. string.format(':%.0f', ends) end
    return head .. string.format(',"successes":%d', record.successes) .. encode_counts(record.counts) .. ',"leases":{' .. table.concat(items, ',') .. '}}'
  end
  for n, b in ipairs(record.buckets) do items[n] = string.format('[%.0f,%d,%d,%d]', b[1], b[2], b[3], b[4]) end
  return head .. string.format(',"window_ms":%.0f,"buckets":[', record.window_ms) .. table.concat(items, ',') .. ']}'
end
`;

/** Closed records expire; open and half-open ones never do, or a breaker nobody asks for would close by being forgotten. */
export const COMMIT = `${ENCODE}${RFC_3339}
local function commit()
  for i in pairs(dirty) do
    local record = records[i]
    if record.state == 'closed' then
      local ttl = record.window_ms + math.ceil(record.window_ms / 60)
      if record.epoch ~= 0 then ttl = math.max(ttl, ${String(REMEMBER_CLOSED_MS)}) end
      redis.call('SET', keys[i], encode(record), 'PX', string.format('%.0f', math.max(ttl, 1)))
    else
      redis.call('SET', keys[i], encode(record))
    end
    if not raw[i] then redis.call('ZADD', index, 0, string.sub(keys[i], #prefix + 1)) end
  end
  for _, c in ipairs(changes) do
    local to, counts = c.record, c.record.counts or {failures = 0, calls = 0, slow = 0}
    redis.call('XADD', stream, 'MAXLEN', '~', ${String(STREAM_CAP)}, '*', 'tenant_id', string.match(prefix, '{agf:(.-)}'), 'key', string.sub(keys[c.i], #prefix + 1),
      'from', c.from, 'to', to.state, 'epoch', string.format('%.0f', to.epoch), 'failure_count', counts.failures, 'calls', counts.calls, 'slow', counts.slow,
      'reason', c.reason, 'until', to['until'] and rfc3339(to['until']) or '', 'at', rfc3339(now))
  end
end
`;
