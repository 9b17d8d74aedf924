-- wrk ... -s pipeline.lua URL -- DEPTH: sends DEPTH requests at a time. wrk counts each answer as a request.
local batch

function init(args)
  local depth = tonumber(args[1]) or 16
  batch = string.rep(wrk.format(), depth)
end

function request()
  return batch
end
