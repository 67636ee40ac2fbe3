/**
 * The breakers on Redis: the rules of `@aumos/agf-domain` (breaker-rules.ts) in Lua, so that whole chains are decided in
 * one call, by Redis' clock. The two are held together by a model test; change both.
 *
 * A call answers one or more requests of one tenant, in order, as if each came alone.
 * KEYS: the records the requests' links name by number, then the tenant's stream of transitions. What else is touched
 * are its neighbours of the same hash tag: `index`, the set of written breakers, and `reported:<permit>`, the failures
 * already counted. A record is the JSON of a BreakerRecord. An absent one is closed and of epoch 0, which makes the
 * healthy path one MGET. Closed records expire; open and half-open ones never do, or a breaker nobody asks for would
 * close by being forgotten.
 */

/** Redis' own time, milliseconds. */
export const REDIS_CLOCK = `local t = redis.call('TIME')
return t[1] * 1000 + math.floor(t[2] / 1000)`;

const READ_RECORDS = `local n = #KEYS - 1
local raw = redis.call('MGET', unpack(KEYS, 1, n))
`;

/** Transitions kept per tenant, about; the monitor reads them within seconds. */
const STREAM_CAP = 100_000;
/** How long a breaker that closed again remembers its epoch, and how long a failure's report is known as already counted. */
const REMEMBER_CLOSED_MS = 86_400_000;
const REMEMBER_REPORT_MS = 3_600_000;

/** A link: number of its key, 1 to count or 0 to check, failure_threshold, window_ms, reset_ms, half_open_max_calls, epoch (reports). */
const rules = (clock: string): string => `
local function clock() ${clock} end
local now = clock()
local stream = KEYS[n + 1]
local prefix = string.sub(stream, 1, -12)
local index = prefix .. 'index'
local requests = cjson.decode(ARGV[1])
local records, dirty, changes = {}, {}, {}

local function load(i)
  if not records[i] then
    records[i] = raw[i] and cjson.decode(raw[i]) or {state = 'closed', epoch = 0, since = 0, window_ms = 0, failures = {}}
  end
  return records[i]
end
local function next_epoch(record) return math.max(record.epoch + 1, now) end
local function become(i, record, reason)
  local from = records[i].state
  records[i], dirty[i] = record, true
  changes[#changes + 1] = {i = i, from = from, to = record.state, epoch = record.epoch, n = record.failure_count or 0, reason = reason}
end
local function open(i, reset, count, reason, jitter)
  local until_ms = now + math.floor(reset * (1 + 0.1 * jitter))
  become(i, {state = 'open', epoch = next_epoch(records[i]), since = now, ['until'] = until_ms, failure_count = count}, reason)
end

local function encode(record)
  local head = string.format('{"state":"%s","epoch":%.0f,"since":%.0f', record.state, record.epoch, record.since)
  if record.state == 'open' then
    return head .. string.format(',"until":%.0f,"failure_count":%d}', record['until'], record.failure_count)
  end
  local items = {}
  if record.state == 'half_open' then
    for id, ends in pairs(record.leases) do items[#items + 1] = cjson.encode(id) .. string.format(':%.0f', ends) end
    return head .. string.format(',"successes":%d,"failure_count":%d,"leases":{', record.successes, record.failure_count) .. table.concat(items, ',') .. '}}'
  end
  for _, bucket in ipairs(record.failures) do items[#items + 1] = string.format('[%.0f,%d]', bucket[1], bucket[2]) end
  return head .. string.format(',"window_ms":%.0f,"failures":[', record.window_ms) .. table.concat(items, ',') .. ']}'
end
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
local function commit()
  for i in pairs(dirty) do
    local record = records[i]
    if record.state == 'closed' then
      local ttl = record.epoch == 0 and record.window_ms + math.ceil(record.window_ms / 60) or ${String(REMEMBER_CLOSED_MS)}
      redis.call('SET', KEYS[i], encode(record), 'PX', string.format('%.0f', math.max(ttl, 1)))
    else
      redis.call('SET', KEYS[i], encode(record))
    end
    redis.call('SADD', index, string.sub(KEYS[i], #prefix + 1))
  end
  for _, c in ipairs(changes) do
    redis.call('XADD', stream, 'MAXLEN', '~', ${String(STREAM_CAP)}, '*', 'tenant_id', string.match(prefix, '{agf:(.-)}'), 'key', string.sub(KEYS[c.i], #prefix + 1),
      'from', c.from, 'to', c.to, 'epoch', string.format('%.0f', c.epoch), 'failure_count', c.n, 'reason', c.reason, 'at', rfc3339(now))
  end
end
`;

/** A request: lease in ms, permit id, links. → 1 (all admitted, every epoch 0), or for each {1, epoch…} | {0, link, 1 open or 2 half open, retry after ms} */
const ACQUIRE = `
local function admit(lease, permit, links)
  local answer, taken = {1}, {}
  for j, link in ipairs(links) do
    local i = link[1]
    local record = load(i)
    local next = record
    if record.state == 'open' and record['until'] > now then return {0, j, 1, record['until'] - now} end
    if link[2] == 1 then
      if record.state == 'open' then
        next = {state = 'half_open', epoch = next_epoch(record), since = now, successes = 0, failure_count = record.failure_count, leases = {}}
      end
      if next.state == 'half_open' then
        local living, count, first = {}, 0, nil
        for id, ends in pairs(next.leases) do
          if ends > now then
            living[id], count = ends, count + 1
            if not first or ends < first then first = ends end
          end
        end
        if count >= math.max(1, link[6] - next.successes) then return {0, j, 2, math.min(first - now, link[5])} end
        living[permit] = now + lease
        taken[#taken + 1] = {i, next, living}
      end
    end
    answer[j + 1] = link[2] == 1 and next.epoch or 0
  end
  for _, take in ipairs(taken) do
    local i, next, living = unpack(take)
    if next ~= records[i] then become(i, next, 'reset_timeout') end
    records[i].leases, dirty[i] = living, true
  end
  return answer
end
local answers = {}
for q, request in ipairs(requests) do answers[q] = admit(request[1], request[2], request[3]) end
commit()
return answers
`;

/** A request: outcome, permit id, jitter 0..1, links. ARGV[2]: 1 if any of them is a failure. */
const REPORT = `
local function count_failure(i, record, link, jitter)
  local window = link[4]
  local bucket = math.ceil(window / 60)
  local start = now - now % bucket
  local kept, total = {}, 1
  for _, b in ipairs(record.failures) do
    if b[1] + bucket > now - window then kept[#kept + 1], total = b, total + b[2] end
  end
  local last = kept[#kept]
  if last and last[1] >= start then last[2] = last[2] + 1 else kept[#kept + 1] = {start, 1} end
  if total >= link[3] then return open(i, link[5], total, 'failure_threshold', jitter) end
  record.window_ms, record.failures, dirty[i] = window, kept, true
end
local function probed(i, record, link, outcome, permit, jitter)
  local ends = record.leases[permit]
  if not ends or ends <= now then return end
  if outcome == 'failure' then return open(i, link[5], 1, 'probe_failed', jitter) end
  local living = {}
  for id, e in pairs(record.leases) do if e > now and id ~= permit then living[id] = e end end
  record.leases, dirty[i] = living, true
  if outcome ~= 'success' then return end
  record.successes = record.successes + 1
  if record.successes >= link[6] then
    become(i, {state = 'closed', epoch = next_epoch(record), since = now, window_ms = link[4], failures = {}}, 'probe_succeeded')
  end
end
for _, request in ipairs(requests) do
  local outcome, permit, jitter = request[1], request[2], request[3]
  -- A report that is sent again (its answer was lost, its activity repeated) counts once.
  local again = outcome == 'failure' and not redis.call('SET', prefix .. 'reported:' .. permit, '', 'NX', 'PX', ${String(REMEMBER_REPORT_MS)})
  for _, link in ipairs(again and {} or request[4]) do
    local i = link[1]
    local record = load(i)
    if record.epoch == 0 or record.epoch == link[7] then
      if record.state == 'half_open' then probed(i, record, link, outcome, permit, jitter)
      elseif record.state == 'closed' and outcome == 'failure' then count_failure(i, record, link, jitter) end
    end
  end
end
commit()
return 1
`;

/** KEYS: records. → {now, record | false, …} */
const READ = (clock: string): string => `local function clock() ${clock} end
local values = redis.call('MGET', unpack(KEYS))
table.insert(values, 1, string.format('%.0f', clock()))
return values`;

/** KEYS: index. ARGV: cursor. → {next cursor, now, key, record, …}; a key whose record expired leaves the index. */
const LIST = (clock: string): string => `local function clock() ${clock} end
local index = KEYS[1]
local prefix = string.sub(index, 1, -6)
local page = redis.call('SSCAN', index, ARGV[1], 'COUNT', 500)
local answer = {page[1], string.format('%.0f', clock())}
for _, key in ipairs(page[2]) do
  local record = redis.call('GET', prefix .. key)
  if record then
    answer[#answer + 1] = key
    answer[#answer + 1] = record
  else
    redis.call('SREM', index, key)
  end
end
return answer`;

export interface BreakerScripts {
  acquire: string;
  report: string;
  read: string;
  list: string;
}

/** Nothing to know about a breaker that nobody wrote. */
const ALL_UNTOUCHED = `local touched = false
for i = 1, n do if raw[i] then touched = true end end
if not touched then return 1 end`;

/** A closed breaker learns nothing from what is not a failure; the 11th byte of a record begins its state. */
const NOTHING_TO_LEARN = `local matters = ARGV[2] == '1'
for i = 1, n do if raw[i] and string.byte(raw[i], 11) ~= 99 then matters = true end end
if not matters then return 1 end`;

/** Products use REDIS_CLOCK. Another clock is another script, so time can never be an argument of a call. */
export const breakerScripts = (clock: string): BreakerScripts => ({
  acquire: READ_RECORDS + ALL_UNTOUCHED + rules(clock) + ACQUIRE,
  report: READ_RECORDS + NOTHING_TO_LEARN + rules(clock) + REPORT,
  read: READ(clock),
  list: LIST(clock),
});
