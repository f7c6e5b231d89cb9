local requests, count, at = {}, 0, 0
local cookies, open = {}, 0

function init(args)
  local headers = { ["Content-Type"] = "application/json" }
  for line in io.lines(args[1]) do
    count = count + 1
    requests[count] = wrk.format("POST", "/api/auth/sign-in/without-password", headers, '{"email":"' .. line .. '"}')
  end
end

function request()
  if open > 0 then
    local cookie = cookies[open]
    open = open - 1
    return wrk.format("POST", "/api/auth/sign-out", { Cookie = cookie, Origin = "http://" .. wrk.headers["Host"] })
  end
  at = at % count + 1
  return requests[at]
end

function response(status, headers)
  -- Of several lines of that name wrk keeps the last; the one of a sign-in is the only one.
  local cookie = string.match(headers["set-cookie"] or "", "^(better%-auth%.session_token=[^;]+)")
  if cookie then
    open = open + 1
    cookies[open] = cookie
  end
end
