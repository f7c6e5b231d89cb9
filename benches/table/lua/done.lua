
function done(summary, latency, requests)
  local e = summary.errors
  local errors = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format("RESULT %d %d %d %d %d\n",
    summary.requests, summary.duration, latency:percentile(99), summary.bytes, errors))
end
