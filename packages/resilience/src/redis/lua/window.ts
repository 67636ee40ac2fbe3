/** A closed breaker's window: buckets {start, failures, calls, slow}, oldest first. Follows window.ts of the domain. */
export const WINDOW = `
local function tally(buckets, window)
  local bucket = math.ceil(window / 60)
  local living, counts = {}, {failures = 0, calls = 0, slow = 0}
  for _, b in ipairs(buckets) do
    if b[1] + bucket > now - window then
      living[#living + 1] = b
      counts.failures, counts.calls, counts.slow = counts.failures + b[2], counts.calls + b[3], counts.slow + b[4]
    end
  end
  return living, counts
end
`;
