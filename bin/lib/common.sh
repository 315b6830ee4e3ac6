# shellcheck shell=bash
# Sourced by the scripts of bin/ and bin/lib/: where things are, and how to say what went wrong.

# What may be kept between runs and made again at any time: Debian roots, downloaded archives.
BATON_CACHE=${BATON_CACHE:-$HOME/.cache/baton}
# Where test clusters live; one directory each. Short, because a socket's path is limited to 107 bytes.
BATON_CLUSTERS=${BATON_CLUSTERS:-/tmp/baton-clusters}
export BATON_CACHE BATON_CLUSTERS

say() {
  printf '%s %s\n' "$(date +%H:%M:%S)" "$*" >&2
}

# die [-STATUS] MESSAGE: 1 for what failed, 2 (-2) for wrong usage.
die() {
  local status=1
  case $1 in -[0-9]) status=${1#-}; shift ;; esac
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit "$status"
}

need_root() {
  [ "$(id -u)" = 0 ] || die -2 "namespaces, chroot and several users need root"
}

# The Debian suite that carries a Slurm release; empty for the one installed on this machine.
suite_of() {
  case $1 in
    22.05) echo "" ;;
    24.11) echo trixie ;;
    26.05) echo sid ;;
    *) die -2 "no Debian suite carries Slurm $1 (22.05, 24.11, 26.05 are known)" ;;
  esac
}

# The directory that is / for the programs of a release.
root_of() {
  local suite
  suite=$(suite_of "$1")
  if [ -n "$suite" ]; then echo "$BATON_CACHE/roots/$suite"; else echo /; fi
}
