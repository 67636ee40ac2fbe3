/** KEYS: records. → {now, record | false, …} */
export const READ = `
local values = redis.call('MGET', unpack(KEYS))
table.insert(values, 1, string.format('%.0f', clock()))
return values`;

/**
 * A page of the tenant's breakers in the order of their keys. KEYS: the index, a sorted set. ARGV: the bounds of
 * ZRANGEBYLEX, how many. → {now, last key looked at or '', key, record, …}; a key whose record expired leaves the index.
 */
export const LIST = `
local prefix = string.sub(KEYS[1], 1, -6)
local found = redis.call('ZRANGEBYLEX', KEYS[1], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])
local answer = {string.format('%.0f', clock()), #found == tonumber(ARGV[3]) and found[#found] or ''}
if #found == 0 then return answer end
local names = {}
for i, key in ipairs(found) do names[i] = prefix .. key end
for i, record in ipairs(redis.call('MGET', unpack(names))) do
  if record then
    answer[#answer + 1] = found[i]
    answer[#answer + 1] = record
  else
    redis.call('ZREM', KEYS[1], found[i])
  end
end
return answer`;
