-- Grows tables and strings, walks and drops them; prints checksums. Tables grow by realloc, which
-- doubles them: the hard case for an allocator that cannot extend in place.
local count = tonumber(arg[1])
local state = 42

local function next_number(limit)
  state = (state * 1103515245 + 12345) % 2147483648
  return state // 256 % limit
end

local function grow_array()
  local array = {}
  for i = 1, count * 8 do array[i] = i * 3 % 1000 end
  local sum = 0
  for _, value in ipairs(array) do sum = sum + value end
  return sum
end

local function grow_records()
  local records = {}
  for i = 1, count do
    records[i] = { id = i, name = "n" .. next_number(count), at = { x = i, y = -i } }
  end
  table.sort(records, function(a, b)
    if a.name ~= b.name then return a.name < b.name end
    return a.id < b.id
  end)
  return records[1].name .. " " .. records[#records].name
end

local function count_words()
  local seen, words = {}, 0
  for _ = 1, count do
    local word = string.format("%x-%x", next_number(5000), next_number(50))
    if not seen[word] then words = words + 1 end
    seen[word] = (seen[word] or 0) + 1
  end
  return words
end

local function build_text()
  local parts = {}
  for i = 1, count do parts[#parts + 1] = ("%d:%s;"):format(i, ("ab"):rep(i % 17)) end
  local text = table.concat(parts)
  local changed, hits = text:gsub("ab", "c")
  return #text .. " " .. #changed .. " " .. hits
end

-- A tree whose branches are replaced again and again: short-lived objects among long-lived ones.
local function make_tree(depth)
  if depth == 0 then return { value = next_number(100) } end
  return { left = make_tree(depth - 1), right = make_tree(depth - 1) }
end

local function sum_tree(tree)
  return tree.value or sum_tree(tree.left) + sum_tree(tree.right)
end

for round = 1, 3 do
  print(round, grow_array(), grow_records(), count_words(), build_text())
  local kept = make_tree(12)
  for _ = 1, 20 do
    kept.left.right = make_tree(10)
    kept.right.left = make_tree(10)
  end
  print("tree", sum_tree(kept))
end
