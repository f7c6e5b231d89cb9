local requests, count, at = {}, 0, 0

function init(args)
  local headers = { ["Content-Type"] = "application/json" }
  for line in io.lines(args[1]) do
    local body = '{"email":"' .. line .. '","password":"correct horse battery"}'
    count = count + 1
    requests[count] = wrk.format("POST", "/api/auth/sign-in/email", headers, body)
  end
end

function request()
  at = at % count + 1
  return requests[at]
end
