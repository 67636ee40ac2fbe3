/**
 * How long the tenant's isolations are taken for loaded. A failover or a crash of Redis may lose an isolation or a release
 * and keep the marker: whoever asks first after this time reads PostgreSQL again.
 */
const ISOLATIONS_FRESH_MS = 10_000;

/**
 * What an operator, or history, says of breakers. Needs `keys`, `raw`, `stream` and the records. `isolated` is the set of
 * the breakers that were isolated, and may name some that are not any more.
 */
const ORDERS = `
local isolated, marker = prefix .. 'isolated', prefix .. 'isolations'
local function held(record) return record.state == 'open' and record.isolated and (not record['until'] or record['until'] > now) end
local function isolate(i, till)
  local record = load(i)
  if till and till <= now then return end
  redis.call('SADD', isolated, string.sub(keys[i], #prefix + 1))
  if held(record) and record['until'] == till then return end
  local counts = record.counts
  if record.state == 'closed' then local _; _, counts = tally(record.buckets, record.window_ms) end
  become(i, {state = 'open', epoch = next_epoch(record), since = now, ['until'] = till, counts = counts, isolated = true}, 'isolated')
end
local function release(i)
  local record = load(i)
  if record.state == 'closed' then return end
  become(i, {state = 'closed', epoch = next_epoch(record), since = now, window_ms = 0, buckets = {}}, 'released')
end
local function restore(i, lost)
  if load(i).epoch ~= 0 then return end
  local epoch, since, till, failures = lost[3], lost[4], lost[5], lost[6]
  local counts = {failures = failures, calls = failures, slow = 0}
  become(i, {state = 'open', epoch = math.max(epoch + 1, now), since = since, ['until'] = till, counts = counts}, 'restored', 'open')
end
`;

/** One by one: none may be named. */
export const ORDER_PREAMBLE = `
local keys, raw, stream, n = {}, {}, KEYS[#KEYS], #KEYS - 1
for i = 1, n do keys[i], raw[i] = KEYS[i], redis.call('GET', KEYS[i]) end
`;

/**
 * KEYS: records, then the tenant's stream. ARGV[1]: orders, each number of its key, then `isolate`, until or 0 |
 * `release` | `restore`, epoch, since, until, failures. ARGV[2]: a token of this call's own. → how many changed something
 *
 * Who reads PostgreSQL now may have read it before the order was written there: a new token makes what it read late.
 */
export const ORDER = `${ORDERS}
local changed, loading = 0, redis.call('GET', marker)
for _, order in ipairs(cjson.decode(ARGV[1])) do
  local i, kind, before = order[1], order[2], #changes
  if kind == 'restore' then restore(i, order)
  else
    if loading and loading ~= 'loaded' then redis.call('SET', marker, ARGV[2], 'PX', ${String(ISOLATIONS_FRESH_MS)}) end
    if kind == 'isolate' then isolate(i, order[3] ~= 0 and order[3] or nil) else release(i) end
  end
  if #changes > before then changed = changed + 1 end
end
commit()
return changed
`;

/** KEYS: the marker. ARGV[1]: a token. → `loaded`, or the token of who reads PostgreSQL from now on */
export const BEGIN_LOADING = `
local current = redis.call('GET', KEYS[1])
if current then return current end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ${String(ISOLATIONS_FRESH_MS)})
return ARGV[1]
`;

/**
 * What PostgreSQL holds, all of it: others are released. KEYS: records, then the stream. ARGV[1]: for each record until
 * or 0. ARGV[2]: the token. → 1, or 0 if something was ordered or lost since it was given
 */
export const END_LOADING = `${ORDERS}
if redis.call('GET', marker) ~= ARGV[2] then return 0 end
local listed = {}
for i, till in ipairs(cjson.decode(ARGV[1])) do
  listed[string.sub(keys[i], #prefix + 1)] = true
  isolate(i, till ~= 0 and till or nil)
end
local before = redis.call('SMEMBERS', isolated)
table.sort(before)
for _, key in ipairs(before) do
  if not listed[key] then
    local i = #keys + 1
    keys[i], raw[i] = prefix .. key, redis.call('GET', prefix .. key)
    if held(load(i)) then release(i) end
    -- One that ran out may be held again by a clock that steps back.
    if not load(i).isolated then redis.call('SREM', isolated, key) end
  end
end
redis.call('SET', marker, 'loaded', 'PX', ${String(ISOLATIONS_FRESH_MS)})
commit()
return 1
`;
