# shellcheck shell=bash
# Sourced by drills: a test cluster whose controllers are Baton's, one or several, that come and go.
# It uses the caller's here, top, name and controllers (how many there are).
# shellcheck disable=SC2154

cluster() { "$here/cluster" "$@"; }
dir=$(cluster dir "$name")
# shellcheck disable=SC2034  # the drills use it
home=$dir/home/alice
serve_seconds=60 # a controller that takes longer counts as broken

# create_cluster OPTION...: options of `cluster create`.
create_cluster() {
  cluster create "$name" --controllers "$controllers" --owner $$ "$@"
}

keep_cluster() { kept=--keep; }

end_cluster() {
  # shellcheck disable=SC2086  # --keep or nothing
  cluster destroy "$name" ${kept:-} >/dev/null 2>&1 || true
}

daemon_of() { if [ "$1" = 1 ]; then echo controller; else echo "controller$1"; fi; }
host_of() { if [ "$1" = 1 ]; then echo ctl; else echo "ctl$1"; fi; }

# controller_addresses: where clients find them, for programs that take a list.
controller_addresses() {
  local i list=
  for ((i = 1; i <= controllers; i++)); do list+=${list:+,}$(host_of "$i"):6817; done
  echo "$list"
}

start_controller() {
  local daemon
  daemon=$(daemon_of "$1")
  touch "$dir/log/$daemon.out"
  said[$1]=$(stat -c %s "$dir/log/$daemon.out")
  cluster start "$name" "$daemon" -- "$top/bin/baton" controller \
    --slurm-conf "$dir/conf/slurm.conf" --data "$dir/baton$1"
}

start_all_controllers() {
  local i
  said=()
  for ((i = 1; i <= controllers; i++)); do start_controller "$i"; done
}

# Whether a controller has said so since it was last started.
serving() {
  tail -c "+$((said[$1] + 1))" "$dir/log/$(daemon_of "$1").out" 2>/dev/null | grep -q '^ready'
}

await_any_serving() {
  local i deadline=$((SECONDS + serve_seconds))
  while [ $SECONDS -lt $deadline ]; do
    for ((i = 1; i <= controllers; i++)); do
      if serving "$i"; then return 0; fi
    done
    sleep 0.1
  done
  keep_cluster
  tail -n 20 "$dir"/log/controller*.out >&2
  die "no controller served within $serve_seconds s (logs: $dir/log)"
}

kill_controller() { cluster kill "$name" "$(daemon_of "$1")"; }

signal_controller() { kill -"$1" "$(cat "$dir/run/$(daemon_of "$2").pid")"; }
