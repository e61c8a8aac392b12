-- Remove a game nobody touched since, unless somebody just did.
--
-- KEYS  game, ledger, tokens, members, copied (all of one slot)
-- ARGV  the status it is thought to have, the instant (ms) it must not have been touched since
-- gives GONE when it was not there, REMOVED and its members, or TOUCHED
local it = redis.call('HMGET', KEYS[1], 'status', 'updated_at', 'keeps')
if not it[1] then return {'GONE'} end
if it[1] ~= ARGV[1] or tonumber(it[2]) >= tonumber(ARGV[2]) then return {'TOUCHED'} end
local answer = {'REMOVED'}
for _, client in ipairs(redis.call('SMEMBERS', KEYS[4])) do table.insert(answer, client) end
redis.call('DEL', KEYS[1], KEYS[3], KEYS[4])
-- How it ended may still be looked up; sometime it is copied, or too old.
if it[3] ~= '1' then redis.call('DEL', KEYS[2]) end
return answer
