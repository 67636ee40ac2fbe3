/**
 * Sessions on Redis. A session is one hash: a field `k:<key>` a value, opaque here but for its version and, of a list, for
 * how many items each part has; and what is known of the session: `#v` version of its last change, `#b` bytes, `#c` when
 * it was made (ms), `#m` the agents that may open it (shared ones), `#by` those that wrote to it. Each of these agents has
 * an index, `of:<agent>`: the names of its sessions, by when they end. Index and hash are slid together.
 *
 * Versions are Redis' time in microseconds, or the last one and one more: so a session that ended and was made anew never
 * gives a version again, and compare-and-set holds across its end.
 * All keys of a tenant have one hash tag; those a script derives are neighbours of the ones it is given.
 */

const HEAD = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ttl = tonumber(ARGV[1])
local function slide(key, prefix, by)
  redis.call('PEXPIRE', key, ttl)
  for agent in string.gmatch(by, '[^,]+') do
    local index = prefix .. 'of:' .. agent
    redis.call('ZADD', index, string.format('%.0f', now + ttl), string.sub(key, #prefix + 1))
    if redis.call('PTTL', index) < ttl then redis.call('PEXPIRE', index, ttl) end
  end
end
local function drop(key, prefix, by)
  for agent in string.gmatch(by, '[^,]+') do redis.call('ZREM', prefix .. 'of:' .. agent, string.sub(key, #prefix + 1)) end
  redis.call('UNLINK', key)
end
local function prefix_of(key) return string.match(key, '^{.-}:session:') end
local function foreign(members, agent)
  return members and members ~= '' and not string.find(members, ',' .. agent .. ',', 1, true)
end
`;

/** Sessions slid within the last hundredth of their time, at most a second, are left: it is a read's whole work but one. */
const SLIDE_IF_DUE = `local slack = math.min(1000, ttl / 100)
local function slide_if_due(key)
  local left = redis.call('PTTL', key)
  if left < 0 or ttl - left < slack then return end
  local prefix = prefix_of(key)
  slide(key, prefix, redis.call('HGET', key, '#by'))
end
`;

/** KEYS: sessions by number. ARGV: ttl in ms, then for each question: session's number, field, agent ('': private). → field | false (absent) | 0 (foreign), … */
const READ = `${HEAD}${SLIDE_IF_DUE}
local answers, slid = {}, {}
for i = 2, #ARGV, 3 do
  local n = tonumber(ARGV[i])
  local key = KEYS[n]
  if ARGV[i + 2] ~= '' and foreign(redis.call('HGET', key, '#m'), ARGV[i + 2]) then
    answers[#answers + 1] = 0
  else
    answers[#answers + 1] = redis.call('HGET', key, ARGV[i + 1])
    if not slid[n] then
      slid[n] = true
      slide_if_due(key)
    end
  end
end
return answers`;

/** KEYS: a session. ARGV: ttl in ms, agent. → {field, value, …} with what is known of it; 0 (foreign) */
const READ_ALL = `${HEAD}${SLIDE_IF_DUE}
if foreign(redis.call('HGET', KEYS[1], '#m'), ARGV[2]) then return 0 end
slide_if_due(KEYS[1])
return redis.call('HGETALL', KEYS[1])`;

/**
 * What every change begins with. KEYS: a session, its agent's index.
 * ARGV: ttl in ms, agent, members, most bytes of a value, of the session, most keys, most sessions, field, …
 * `put` checks all limits before it writes anything. → {'ok', version} | {'limit', which} | {'foreign'} | …
 */
const CHANGE = `${HEAD}
local key, index, agent, field = KEYS[1], KEYS[2], ARGV[2], ARGV[8]
local KNOWN = 5
local known = redis.call('HMGET', key, '#v', '#b', '#by', '#m')
if foreign(known[4], agent) then return {'foreign'} end
local prefix = prefix_of(key)
local bytes, by = tonumber(known[2]) or 0, known[3] or ','
local version = string.format('%.0f', math.max((tonumber(known[1]) or 0) + 1, time[1] * 1000000 + time[2]))
local function put(text)
  if #text > tonumber(ARGV[4]) then return {'limit', 'value_bytes'} end
  local old = redis.call('HSTRLEN', key, field)
  if old == 0 and known[1] and redis.call('HLEN', key) - KNOWN >= tonumber(ARGV[6]) then return {'limit', 'session_keys'} end
  local stored = version .. ':' .. text
  if old > 0 then bytes = bytes - #field - old end
  bytes = bytes + #field + #stored
  if bytes > tonumber(ARGV[5]) then return {'limit', 'session_bytes'} end
  if not string.find(by, ',' .. agent .. ',', 1, true) then
    redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
    if redis.call('ZCARD', index) >= tonumber(ARGV[7]) then return {'limit', 'agent_sessions'} end
    by = by .. agent .. ','
  end
  redis.call('HSET', key, '#v', version, '#b', bytes, '#by', by, '#m', known[4] or ARGV[3], field, stored)
  redis.call('HSETNX', key, '#c', string.format('%.0f', now))
  slide(key, prefix, by)
  return {'ok', version}
end
`;

/** ARGV 9: text. */
const SET = `${CHANGE}
return put(ARGV[9])`;

/** ARGV 9: text, 10: the version it must have, '' for none. → … | {'conflict', field | false} */
const COMPARE_AND_SET = `${CHANGE}
local current = redis.call('HGET', key, field)
if (current and string.match(current, '^%d+') or '') ~= ARGV[10] then
  if known[1] then slide(key, prefix, by) end
  return {'conflict', current}
end
return put(ARGV[9])`;

/**
 * ARGV 9: a part, 10: its items, 11: cap, 12: a mark ('' for none) that a list holds once. Parts of dead items leave.
 * → {'ok', version, items} | {'no_list'} | …
 */
const APPEND = `${CHANGE}
local current = redis.call('HGET', key, field)
local dead, living, parts = 0, 0, ''
local head = '\\n' .. ARGV[10] .. ARGV[12] .. ':'
if current then
  local v, d, l, at = string.match(current, '^(%d+):L(%d+),(%d+)()')
  if not d then return {'no_list'} end
  dead, living, parts = tonumber(d), tonumber(l), string.sub(current, at)
  if ARGV[12] ~= '' and string.find(parts, head, 1, true) then
    slide(key, prefix, by)
    return {'ok', v, living}
  end
end
local cap = tonumber(ARGV[11])
parts = parts .. head .. ARGV[9]
living = living + tonumber(ARGV[10])
if living > cap then
  dead, living = dead + living - cap, cap
  local from = 1
  for count, stop in string.gmatch(parts, '\\n(%d+)[^\\n]*()') do
    if dead < tonumber(count) then break end
    dead, from = dead - tonumber(count), stop
  end
  parts = string.sub(parts, from)
end
local answer = put('L' .. dead .. ',' .. living .. parts)
if answer[1] == 'ok' then answer[3] = living end
return answer`;

/** Without its last value a session is none. → {'ok', 1 | 0} | {'foreign'} */
const DELETE = `${CHANGE}
local old = redis.call('HSTRLEN', key, field)
if old > 0 then
  redis.call('HDEL', key, field)
  if redis.call('HLEN', key) == KNOWN then
    drop(key, prefix, by)
    return {'ok', 1}
  end
  redis.call('HSET', key, '#v', version, '#b', bytes - #field - old)
end
if known[1] then slide(key, prefix, by) end
return {'ok', old > 0 and 1 or 0}`;

/** KEYS: a session. ARGV: ttl, agent. → 1 | 0 (there was none, or it is foreign) */
const CLEAR = `${HEAD}
local known = redis.call('HMGET', KEYS[1], '#by', '#m')
if not known[1] or foreign(known[2], ARGV[2]) then return 0 end
drop(KEYS[1], prefix_of(KEYS[1]), known[1])
return 1`;

const KNOWN_OF = `local function known_of(key)
  local known = redis.call('HMGET', key, '#v', '#b', '#c', '#m')
  if not known[1] then return false end
  return {redis.call('HLEN', key) - 5, known[1], known[2], known[3], known[4]}
end
`;

/** Looking is no use: nothing slides. KEYS: a session. ARGV: ttl, agent. → false | {ms left, {keys, version, bytes, made, members}} */
const SHOW = `${HEAD}${KNOWN_OF}
local known = known_of(KEYS[1])
if not known or foreign(known[5], ARGV[2]) then return false end
return {redis.call('PTTL', KEYS[1]), known}`;

/** KEYS: a session. ARGV: ttl, agent. → {field, value, …} | 0 */
const SHOW_ALL = `${HEAD}
if foreign(redis.call('HGET', KEYS[1], '#m'), ARGV[2]) then return 0 end
return redis.call('HGETALL', KEYS[1])`;

/** KEYS: an index. ARGV: ttl, asc | desc (by their end), skip, take. → {total, now, name, end, known, …} */
const LIST = `${HEAD}${KNOWN_OF}
local index = KEYS[1]
redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
local skip = tonumber(ARGV[3])
local command = ARGV[2] == 'asc' and 'ZRANGE' or 'ZREVRANGE'
local page = redis.call(command, index, skip, skip + ARGV[4] - 1, 'WITHSCORES')
local prefix = prefix_of(index)
local answer = {0}
for i = 1, #page, 2 do
  local known = known_of(prefix .. page[i])
  if known then
    answer[#answer + 1] = page[i]
    answer[#answer + 1] = page[i + 1]
    answer[#answer + 1] = known
  else
    redis.call('ZREM', index, page[i])
  end
end
answer[1] = redis.call('ZCARD', index)
return answer`;

/** KEYS: an index. ARGV: ttl, agent, at most so many. → {looked at, removed} */
const REMOVE_ALL = `${HEAD}
local index = KEYS[1]
local prefix = prefix_of(index)
local names = redis.call('ZRANGE', index, 0, ARGV[3] - 1)
local removed = 0
for _, name in ipairs(names) do
  local by = redis.call('HGET', prefix .. name, '#by')
  if by then
    drop(prefix .. name, prefix, by)
    removed = removed + 1
  else
    redis.call('ZREM', index, name)
  end
end
return {#names, removed}`;

export const SESSION_SCRIPTS = {
  read: READ,
  readAll: READ_ALL,
  set: SET,
  compareAndSet: COMPARE_AND_SET,
  append: APPEND,
  delete: DELETE,
  clear: CLEAR,
  show: SHOW,
  showAll: SHOW_ALL,
  list: LIST,
  removeAll: REMOVE_ALL,
} as const;
