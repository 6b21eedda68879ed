# Runs the suites of tests/suites/: each is an executable that ends in "N passed, N failed".
# shellcheck shell=bash

is_suite() { [ -f "$root/tests/suites/$1" ] && [ -x "$root/tests/suites/$1" ]; }

# Fast ones first; what is not named here follows by name.
suites() {
  local first='unit golden openapi clients scenarios' name
  for name in $first; do
    if is_suite "$name"; then echo "$name"; fi
  done
  for name in "$root"/tests/suites/*; do
    name=$(basename "$name")
    if is_suite "$name" && [[ " $first " != *" $name "* ]]; then echo "$name"; fi
  done
}

require_suite() {
  if ! is_suite "$1"; then
    fail "there is no suite '$1'; known: $(suites | xargs)"
  fi
}

run_suite() {
  local suite=$1
  shift
  say "suite $suite"
  "$root/tests/suites/$suite" "$@"
}

# run_suites <suite>...: each of them whatever the others do, then a table and the total.
run_suites() {
  local suite log status counts passed failed total_passed=0 total_failed=0 began
  local table=()
  for suite in "$@"; do
    log=$(mktemp)
    began=$SECONDS
    status=0
    run_suite "$suite" 2>&1 </dev/null | tee "$log" || status=$?
    counts=$(grep -E '^([[:alnum:]_-]+: )?[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1 || true)
    rm -f "$log"
    passed=$(sed -nE 's/^([^0-9]*: )?([0-9]+) passed.*/\2/p' <<<"$counts")
    failed=$(sed -nE 's/.* ([0-9]+) failed.*/\1/p' <<<"$counts")
    # A suite that ended badly without naming a failure has failed once: it never reads as green.
    if [ "$status" -ne 0 ] && [ "${failed:-0}" -eq 0 ]; then failed=1; fi
    if [ -z "$counts" ] && [ "$status" -eq 0 ]; then failed=1; fi
    total_passed=$((total_passed + ${passed:-0}))
    total_failed=$((total_failed + ${failed:-0}))
    table+=("$(printf '  %-12s %6d passed %5d failed %5d s' "$suite" "${passed:-0}" \
      "${failed:-0}" $((SECONDS - began)))")
    echo
  done
  say "summary"
  printf '%s\n' "${table[@]}"
  echo "$total_passed passed, $total_failed failed"
  [ "$total_failed" -eq 0 ] && [ "$total_passed" -gt 0 ]
}

run_all_suites() {
  local names
  mapfile -t names < <(suites)
  run_suites "${names[@]}"
}
