local requests, count, at = {}, 0, 0

function init(args)
  for line in io.lines(args[1]) do
    count = count + 1
    requests[count] = wrk.format("GET", "/api/auth/get-session", { Cookie = line })
  end
end

function request()
  at = at % count + 1
  return requests[at]
end
