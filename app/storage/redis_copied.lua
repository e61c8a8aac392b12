-- A ledger is copied to SQL: note it, and keep it here no longer than its game.
--
-- KEYS  game, ledger, tokens, members, copied (all of one slot)
-- ARGV  number of the last entry that was copied, how long to remember that (ms)
-- gives 1, or 0 when somebody played on meanwhile
if redis.call('LLEN', KEYS[2]) ~= ARGV[1] + 1 then return 0 end
redis.call('SET', KEYS[5], ARGV[1], 'PX', ARGV[2])
local life = redis.call('PTTL', KEYS[1])
if life > 0 then
  redis.call('PEXPIRE', KEYS[2], life)
elseif life == -2 then
  redis.call('DEL', KEYS[2])
end
return 1
