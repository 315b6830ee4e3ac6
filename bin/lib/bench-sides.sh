# shellcheck shell=bash
# Sourced by bin/bench: the two clusters that are compared, and how they are loaded and watched. It
# uses the caller's top. A side is slurmctld or baton.

cluster() { "$top/bin/lib/cluster" "$@"; }
cluster_of() { echo "bench$$${1:0:1}"; }

progress() {
  if [ -t 2 ]; then printf '\r\033[K%s' "$*" >&2; else say "$*"; fi
}
progress_done() { [ ! -t 2 ] || printf '\r\033[K' >&2; }

# Both run during the whole case; the one whose turn it is not has nothing to do. There are no
# slurmd: no job is to start.
bring_up() {
  local side name dir
  for side in slurmctld baton; do
    progress "starting $side"
    name=$(cluster_of "$side")
    cluster create "$name" --nodes 4 --cpus 16 --memory 16000 --owner $$ --set DefMemPerCPU=100 \
      --set MaxJobCount=500000 --set SlurmctldDebug=info --set SchedulerParameters=bf_interval=30
    dir=$(cluster dir "$name")
    if [ "$side" = slurmctld ]; then
      cluster start "$name" controller 22.05
    else
      cluster start "$name" controller -- "$top/bin/baton" controller \
        --slurm-conf "$dir/conf/slurm.conf" --data "$dir/baton"
    fi
    await_answers "$side"
  done
}

await_answers() {
  local deadline=$((SECONDS + 90)) name
  name=$(cluster_of "$1")
  until cluster client "$name" 22.05 alice sinfo >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || {
      tail -n 20 "$(cluster dir "$name")/log/controller.out" >&2
      die "$1 does not answer"
    }
    sleep 0.3
  done
}

tear_down() {
  cluster destroy "$(cluster_of slurmctld)" >/dev/null 2>&1 || true
  cluster destroy "$(cluster_of baton)" >/dev/null 2>&1 || true
}

# in_turn ROUND: the sides, the one first that was last in the round before.
in_turn() { if [ $(($1 % 2)) = 1 ]; then echo slurmctld baton; else echo baton slurmctld; fi; }

# load SIDE submit|query|munge ...: one line of JSON.
load() {
  local name dir what=$2 peer=()
  name=$(cluster_of "$1")
  dir=$(cluster dir "$name")
  shift 2
  [ "$what" = munge ] || peer=(--controller ctl:6817)
  cluster exec "$name" "$top/bin/lib/load" "$what" "${peer[@]}" --munge-socket "$dir/munge/socket" "$@" |
    tail -n 1
}

jobs_of() {
  cluster client "$(cluster_of "$1")" 22.05 alice squeue -h -o %i | wc -l
}

# squeues SIDE N: N times the real squeue one after the other; JSON like the load client's.
squeues() {
  # shellcheck disable=SC2016  # expanded by the inner shell
  cluster client "$(cluster_of "$1")" 22.05 alice bash -c '
    for ((i = 0; i < $1; i++)); do
      begun=$EPOCHREALTIME
      squeue >/dev/null || exit 1
      ended=$EPOCHREALTIME
      echo $((${ended/./} - ${begun/./}))
    done' squeues "$2" |
    jq -s -c 'sort | {answered: length, p50Ms: (.[length / 2 | floor] / 1000), maxMs: (last / 1000)}'
}

# ticks PIDFILE: CPU that a process has used, in hundredths of a second.
ticks() { sed 's/.*) //' "/proc/$(cat "$1")/stat" | awk '{ print $12 + $13 }'; }

# at_rest SIDE: waits until the controller has done what it does on its own after so many requests (slurmctld
# saves its state, Baton's optimizing compiler works through what has become hot), at most a minute.
at_rest() {
  local pid before deadline=$((SECONDS + 60))
  pid=$(cluster dir "$(cluster_of "$1")")/run/controller.pid
  while [ $SECONDS -lt $deadline ]; do
    before=$(ticks "$pid")
    sleep 1
    [ $(($(ticks "$pid") - before)) -gt 5 ] || return 0
  done
}

# with_cpu SIDE COMMAND...: its JSON, with what the controller and munged used meanwhile.
with_cpu() {
  local dir controller munged result
  dir=$(cluster dir "$(cluster_of "$1")")
  controller=$(ticks "$dir/run/controller.pid") munged=$(ticks "$dir/munge/pid")
  shift
  result=$("$@")
  jq -c --argjson c $(($(ticks "$dir/run/controller.pid") - controller)) \
    --argjson m $(($(ticks "$dir/munge/pid") - munged)) \
    '. + {controllerCpuSeconds: ($c / 100), mungedCpuSeconds: ($m / 100)}' <<<"$result"
}
