# Shared by the scripts beside it; to be sourced, from any folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT=$PWD

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# The jobs a build may run at once: a job of libtorch's headers takes up to 2 GB.
jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/MemAvailable/ {print int($2 / 1500000)}' /proc/meminfo)
  [ "$memory" -lt 1 ] && memory=1
  echo $((cores < memory ? cores : memory))
}

# Runs what comes after STAMP only if one of the files listed on standard input changed since.
once_for() {
  local stamp=.cache/$1 sum
  shift
  sum=$(xargs -d '\n' sha256sum | sha256sum)
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ] && return 0
  "$@"
  mkdir -p "$(dirname "$stamp")"
  echo "$sum" > "$stamp"
}

# The page, from web/ into web/dist/, which the build puts into the program.
build_page() {
  [ -d web/dist ] || rm -f .cache/page
  find web \( -name node_modules -o -name dist \) -prune -o -type f -print | sort | once_for page npm run --silent build --prefix web
}

# configure_and_build PRESET [target...]; shows each step, or nothing with QUIET=1
configure_and_build() {
  local preset=$1 target arguments=()
  shift
  for target in "$@"; do arguments+=(--target "$target"); done
  [ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" > "/dev/null"
  cmake --build --preset "$preset" -j "$(jobs)" "${arguments[@]}" -- ${QUIET:+--quiet}
}
