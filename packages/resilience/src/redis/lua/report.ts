/** How long a report that was counted is known as that. */
const REMEMBER_REPORT_MS = 3_600_000;

/**
 * Permits come back. KEYS: the records the links name by number, then the tenant's stream. ARGV[1]: requests, each permit
 * id, jitter 0..1, 1 if it counts once, links; a link: number of its key, epoch, end (0 ignored, 1 success, 2 success that
 * is counted, 3 failure), 1 if slow, reset_ms, half_open_max_calls, window_ms, failure_threshold, minimum_calls,
 * failure_rate, slow_call_rate (a rate of 0: off). ARGV[2]: 1 if any of them counts once. → 1
 *
 * A closed breaker learns nothing from what it does not count; the 11th byte of a record begins its state.
 */
export const REPORT_PREAMBLE = `
local keys, n, stream = KEYS, #KEYS - 1, KEYS[#KEYS]
local raw = redis.call('MGET', unpack(KEYS, 1, n))
local matters = ARGV[2] == '1'
for i = 1, n do if raw[i] and string.byte(raw[i], 11) ~= 99 then matters = true end end
if not matters then return 1 end
`;

export const REPORT = `
local function judge(c, link)
  if c.failures >= link[8] then return 'failure_threshold' end
  if c.calls < link[9] then return nil end
  if link[10] > 0 and c.failures >= link[10] * c.calls then return 'failure_rate' end
  if link[11] > 0 and c.slow >= link[11] * c.calls then return 'slow_call_rate' end
end
local function count(i, record, link, jitter)
  local failed, window = link[3] == 3 and 1 or 0, link[7]
  local living, counts = tally(record.buckets, window)
  local start = now - now % math.ceil(window / 60)
  local last = living[#living]
  -- A clock that stepped back goes on in the newest bucket.
  if not last or last[1] < start then
    last = {start, 0, 0, 0}
    living[#living + 1] = last
  end
  last[2], last[3], last[4] = last[2] + failed, last[3] + 1, last[4] + link[4]
  counts.failures, counts.calls, counts.slow = counts.failures + failed, counts.calls + 1, counts.slow + link[4]
  local reason = judge(counts, link)
  if reason then return open(i, link[5], counts, reason, jitter) end
  record.window_ms, record.buckets, dirty[i] = window, living, true
end
local function probed(i, record, link, permit, jitter)
  local ends, result = record.leases[permit], link[3]
  if not ends or ends <= now then return end
  local succeeded = result == 1 or result == 2
  if result == 3 or (succeeded and link[4] == 1 and link[11] > 0) then
    return open(i, link[5], {failures = result == 3 and 1 or 0, calls = 1, slow = link[4]}, 'probe_failed', jitter)
  end
  local living = {}
  for id, e in pairs(record.leases) do if e > now and id ~= permit then living[id] = e end end
  record.leases, dirty[i] = living, true
  if not succeeded then return end
  record.successes = record.successes + 1
  if record.successes >= link[6] then
    become(i, {state = 'closed', epoch = next_epoch(record), since = now, window_ms = link[7], buckets = {}}, 'probe_succeeded')
  end
end
for _, request in ipairs(cjson.decode(ARGV[1])) do
  local permit, jitter = request[1], request[2]
  -- A report that is sent again (its answer was lost, its activity repeated) counts once.
  local again = request[3] == 1 and not redis.call('SET', prefix .. 'reported:' .. permit, '', 'NX', 'PX', ${String(REMEMBER_REPORT_MS)})
  for _, link in ipairs(again and {} or request[4]) do
    local i = link[1]
    local record = load(i)
    if record.epoch == 0 or record.epoch == link[2] then
      if record.state == 'half_open' then probed(i, record, link, permit, jitter)
      elseif record.state == 'closed' and link[3] >= 2 then count(i, record, link, jitter) end
    end
  end
end
commit()
return 1
`;
