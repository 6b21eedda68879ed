# Configure and build one preset. Two builds of one preset wait for each other.
# shellcheck shell=bash

# Ninja's lines on a terminal as they are; elsewhere one line a tenth, and whatever is not progress.
ninja_progress() {
  if [ -t 1 ]; then cat; return; fi
  awk -v started="$(($(date +%s) - SECONDS + started))" '
    match($0, /^\[[0-9]+\/[0-9]+\]/) {
      split(substr($0, 2, RLENGTH - 2), n, "/")
      tenth = int(10 * n[1] / n[2])
      if (tenth != last) {
        s = systime() - started
        printf "[%d:%02d]   %d of %d files\n", int(s / 60), s % 60, n[1], n[2]
        last = tenth
      }
      fflush(); next
    }
    /^ninja: (no work|Entering)/ { next }
    { print; fflush() }'
}

# build_preset <preset> [ninja target...]
build_preset() (
  preset=$1
  shift
  cd "$root"
  mkdir -p build
  grep -q "\"name\": \"$preset\", \"configurePreset\"" CMakePresets.json ||
    fail "unknown preset '$preset' (known: dev release asan tsan fuzz tidy clang)"
  exec 9>"build/.$preset.lock"
  flock -n 9 || { say "waiting for another build of preset $preset" && flock 9; }
  if [ ! -f "build/$preset/build.ninja" ]; then
    say "configuring preset $preset"
    mkdir -p "build/$preset"
    # A folder left by a failed first try would keep its broken answers.
    if ! cmake --preset "$preset" >"build/$preset/configure.log" 2>&1; then
      cat "build/$preset/configure.log" >&2
      rm -f "build/$preset/CMakeCache.txt"
      fail "cmake --preset $preset failed"
    fi
  fi
  for target in "$@"; do
    if [ "$target" = fairlead ] && [ ! -f src/app/main.cpp ]; then
      fail "there is no src/app/main.cpp yet, so there is no fairlead binary to build"
    fi
  done
  say "building preset $preset${*:+: $*}"
  if [ -t 1 ]; then
    nice ninja -C "build/$preset" -j "$jobs" "$@"
  else
    nice ninja -C "build/$preset" -j "$jobs" "$@" 2>&1 | ninja_progress
  fi
)

# The shipped binary, reachable as build/fairlead.
build_release() {
  build_preset release fairlead
  ln -sfn release/fairlead "$root/build/fairlead"
}
