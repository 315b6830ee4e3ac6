# shellcheck shell=bash
# Sourced by drills: a test cluster whose controllers are Baton's, one or several, that come and go.
# It uses the caller's here, top, name and controllers (how many there are).
# shellcheck disable=SC2154

cluster() { "$here/cluster" "$@"; }
dir=$(cluster dir "$name")
# shellcheck disable=SC2034  # the drills use it
home=$dir/home/alice
peer_port=6900   # controllers among themselves
controller_options=() # what a drill adds to their command line
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

# group_options INDEX: who it is among the others; nothing for one alone.
group_options() {
  local i list=
  [ "$controllers" -gt 1 ] || return 0
  for ((i = 1; i <= controllers; i++)); do list+=${list:+,}c$i=$(host_of "$i"):$peer_port; done
  echo "--id c$1 --peers $list"
}

start_controller() {
  local daemon
  daemon=$(daemon_of "$1")
  touch "$dir/log/$daemon.out"
  said[$1]=$(stat -c %s "$dir/log/$daemon.out")
  # shellcheck disable=SC2046  # several words
  cluster start "$name" "$daemon" -- "$top/bin/baton" controller \
    --slurm-conf "$dir/conf/slurm.conf" --data "$dir/baton$1" $(group_options "$1") "${controller_options[@]}"
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

# kill_noting FILE INDEX...: kills them at once, and appends to FILE when that was.
kill_noting() {
  local file=$1 i pids=()
  shift
  for i in "$@"; do pids+=("$(cat "$dir/run/$(daemon_of "$i").pid")"); done
  kill -KILL "${pids[@]}"
  date +%s%N >>"$file"
  for i in "$@"; do kill_controller "$i"; done
}

kill_controller() { cluster kill "$name" "$(daemon_of "$1")"; }

# on_host INDEX COMMAND...: in the network of a controller's host.
on_host() {
  local host file
  host=$(host_of "$1")
  shift
  file=/run/netns/$name.$host
  [ -e "$file" ] || file=/run/netns/$name
  nsenter --net="$file" "$@"
}

# leads INDEX: whether it says that it leads.
leads() {
  [ "$controllers" -gt 1 ] || return 0
  on_host "$1" curl -s -m 2 http://127.0.0.1:8080/metrics 2>/dev/null | grep -q '^baton_leader 1'
}

# find_leader [BUT]: sets leader to who leads, waiting for one; BUT is not asked.
find_leader() {
  local deadline=$((SECONDS + serve_seconds))
  while [ $SECONDS -lt $deadline ]; do
    for ((leader = 1; leader <= controllers; leader++)); do
      if [ "$leader" != "${1:-}" ] && leads "$leader"; then return 0; fi
    done
    sleep 0.1
  done
  keep_cluster
  die "nobody led within $serve_seconds s (logs: $dir/log)"
}

await_serving() {
  local deadline=$((SECONDS + serve_seconds))
  until serving "$1"; do
    [ $SECONDS -lt $deadline ] || {
      keep_cluster
      tail -n 20 "$dir/log/$(daemon_of "$1").out" >&2
      die "controller $1 did not serve within $serve_seconds s (logs: $dir/log)"
    }
    sleep 0.1
  done
}

await_all_serving() {
  local i
  for ((i = 1; i <= controllers; i++)); do await_serving "$i"; done
}

signal_controller() { kill -"$1" "$(cat "$dir/run/$(daemon_of "$2").pid")"; }
