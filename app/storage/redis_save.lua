-- One save, all of it or nothing: compare the version, write, announce.
--
-- KEYS  game, ledger, tokens, members, copied (all of one slot)
-- ARGV  resent, not after (ms of this server's clock), expected version (-1: create), channel,
--       life of the keys (ms), life of the ledger (ms), version, state, status, listed, next_due,
--       created_at, updated_at, keeps; then four lists and a last one, each led by its length:
--       entries, void seats, seats and their tokens, clients that left, clients that joined
-- gives what became of it; then the former status, listed and next_due; then who was sent home
local game, ledger, tokens, members = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local expected, version, state, status = tonumber(ARGV[3]), tonumber(ARGV[7]), ARGV[8], ARGV[9]

-- Whoever asked has given up by then, and told the player that nothing was changed.
local now = redis.call('TIME')
if now[1] * 1000 + math.floor(now[2] / 1000) > tonumber(ARGV[2]) then return {'LATE'} end

local place = 15
local function list()
  local found, length = {}, tonumber(ARGV[place])
  for number = 1, length do found[number] = ARGV[place + number] end
  place = place + length + 1
  return found
end
local entries, void, minted, left, joined = list(), list(), list(), list(), list()

local was = redis.call('HMGET', game, 'version', 'status', 'listed', 'next_due')
local stored = tonumber(was[1] or '-1')
local length = redis.call('LLEN', ledger)
local is_new = expected == -1

-- The answer to the first sending was lost: is what is stored what it wrote?
local function is_ours()
  if #entries == 0 or stored < version then return false end
  local first = is_new and 0 or expected + 1
  local there = redis.call('LRANGE', ledger, first, first + #entries - 1)
  for number = 1, #entries do
    if there[number] ~= entries[number] then return false end
  end
  if stored > version then return true end
  for number = 1, #minted, 2 do
    if redis.call('HGET', tokens, minted[number]) ~= minted[number + 1] then return false end
  end
  return redis.call('HGET', game, 'state') == state
end

if is_new then
  if stored ~= -1 or redis.call('EXISTS', game, ledger, KEYS[5]) > 0 then
    if ARGV[1] == '1' and is_ours() then return {'SAME'} end
    return {'TAKEN'}
  end
elseif stored ~= expected or length ~= expected + 1 then
  if ARGV[1] == '1' and is_ours() then return {'SAME'} end
  return {'LOST'}
end
-- All kinds of keys are looked at before the first write, for what is written stays written.
if #void + #minted > 0 then redis.call('HLEN', tokens) end
if #left + #joined > 0 or status == 'closed' then redis.call('SCARD', members) end

redis.call('HSET', game, 'version', ARGV[7], 'state', state, 'status', status, 'listed', ARGV[10],
  'next_due', ARGV[11], 'created_at', ARGV[12], 'updated_at', ARGV[13], 'keeps', ARGV[14])
for first = 1, #entries, 1000 do
  redis.call('RPUSH', ledger, unpack(entries, first, math.min(first + 999, #entries)))
end
if #void > 0 then redis.call('HDEL', tokens, unpack(void)) end
if #minted > 0 then redis.call('HSET', tokens, unpack(minted)) end
if #left > 0 then redis.call('SREM', members, unpack(left)) end
if #joined > 0 then redis.call('SADD', members, unpack(joined)) end
local answer = {'SAVED', was[2] or '', was[3] or '', was[4] or ''}
if status == 'closed' then
  for _, client in ipairs(redis.call('SMEMBERS', members)) do table.insert(answer, client) end
  redis.call('DEL', tokens, members)
end
redis.call('PEXPIRE', game, ARGV[5])
redis.call('PEXPIRE', ledger, ARGV[6])
redis.call('PEXPIRE', tokens, ARGV[5])
redis.call('PEXPIRE', members, ARGV[5])
if #entries > 0 then redis.call('PUBLISH', ARGV[4], version) end
return answer
