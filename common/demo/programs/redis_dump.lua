-- Runs inside redis-server: everything that the server holds, in order of keys and members.
local function sorted(list)
  table.sort(list)
  return table.concat(list, " ")
end

local function pairs_of(flat)
  local list = {}
  for i = 1, #flat, 2 do list[#list + 1] = flat[i] .. "=" .. flat[i + 1] end
  return sorted(list)
end

local read = {
  string = function(key) return redis.call("GET", key) end,
  list = function(key) return table.concat(redis.call("LRANGE", key, 0, -1), " ") end,
  set = function(key) return sorted(redis.call("SMEMBERS", key)) end,
  hash = function(key) return pairs_of(redis.call("HGETALL", key)) end,
  zset = function(key) return pairs_of(redis.call("ZRANGE", key, 0, -1, "WITHSCORES")) end,
}

local keys = redis.call("KEYS", "*")
table.sort(keys)
local lines = {}
for _, key in ipairs(keys) do
  local kind = redis.call("TYPE", key).ok
  lines[#lines + 1] = key .. " " .. kind .. " " .. read[kind](key)
end
return lines
