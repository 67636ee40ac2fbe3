/**
 * A chain asks. KEYS: the records the links name by number, with ARGV[2] = 1 the tenant's marker, then its stream.
 * ARGV[1]: requests, each lease in ms, permit id, links; a link: number of its key, 1 to count or 0 to check, reset_ms,
 * half_open_max_calls.
 * → 1: all admitted, every epoch 0. 0: the tenant's isolations are not here. Else for each request {1, epoch…} or
 * {0, link, 1 open or 2 half open, retry after ms}.
 */
export const ACQUIRE_PREAMBLE = `
local marked = ARGV[2] == '1' and 1 or 0
local keys, n = KEYS, #KEYS - 1 - marked
local raw = redis.call('MGET', unpack(KEYS, 1, n + marked))
if marked == 1 and raw[n + 1] ~= 'loaded' then return 0 end
local touched = false
for i = 1, n do if raw[i] then touched = true end end
if not touched then return 1 end
local stream = KEYS[#KEYS]
`;

export const ACQUIRE = `
local function left(record, reset)
  if record.state ~= 'open' then return 0 end
  return record['until'] and record['until'] - now or reset
end
local function admit(lease, permit, links)
  local answer, taken = {1}, {}
  for j, link in ipairs(links) do
    local i, reset = link[1], link[3]
    local record = load(i)
    local next, wait = record, left(record, reset)
    if wait > 0 then return {0, j, 1, wait} end
    if link[2] == 1 then
      if record.state == 'open' then
        next = {state = 'half_open', epoch = next_epoch(record), since = now, successes = 0, counts = record.counts, leases = {}}
      end
      if next.state == 'half_open' then
        local living, count, first = {}, 0, nil
        for id, ends in pairs(next.leases) do
          if ends > now then
            living[id], count = ends, count + 1
            if not first or ends < first then first = ends end
          end
        end
        if count >= math.max(1, link[4] - next.successes) then return {0, j, 2, math.min(first - now, reset)} end
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
for q, request in ipairs(cjson.decode(ARGV[1])) do answers[q] = admit(request[1], request[2], request[3]) end
commit()
return answers
`;
