# shellcheck shell=bash
# Sourced by `cluster`: the network namespace of a test cluster and the processes in it. It uses
# the caller's name, dir, here.
# shellcheck disable=SC2154

# Slurm resolves addresses with AI_ADDRCONFIG, which finds none where loopback is the only
# interface; a bridge carries the addresses of all hosts of the cluster, or, when nodes live apart,
# connects the interfaces of the nodes with the other hosts. Several controllers always live apart, so
# that the network between any two can be cut.
make_network() {
  local address host
  ip netns add "$name"
  ip -n "$name" link set lo up
  ip -n "$name" link add hosts type bridge
  ip -n "$name" link set hosts up
  awk '/^10\./ { print $1, $2 }' "$dir/etc/hosts" | while read -r address host; do
    if lives_apart "$host"; then
      ip netns add "$name.$host"
      ip -n "$name.$host" link set lo up
      ip -n "$name" link add "to-$host" type veth peer name eth0 netns "$name.$host"
      ip -n "$name" link set "to-$host" master hosts up
      ip -n "$name.$host" link set eth0 up
      ip -n "$name.$host" address add "$address/16" dev eth0
    else
      ip -n "$name" address add "$address/16" dev hosts
    fi
  done
}

lives_apart() {
  case $1 in
    ctl*) [ "$controllers" -gt 1 ] ;;
    n*) [ -n "$apart" ] ;;
    *) false ;;
  esac
}

# The network namespaces of the cluster: its own, and those of hosts that live apart.
namespaces() {
  local file
  for file in "/run/netns/$name" "/run/netns/$name".*; do
    [ ! -e "$file" ] || echo "${file##*/}"
  done
}

all_pids() {
  local namespace
  for namespace in $(namespaces); do ip netns pids "$namespace"; done
}

# inside RELEASE HOST USER COMMAND...: replaces this shell. Not `ip netns exec`: it hides cgroups.
inside() {
  local release=$1 host=$2 user=$3 namespace=$name
  shift 3
  [ ! -e "/run/netns/$name.$host" ] || namespace=$name.$host
  [ -e "$dir/etc/passwd-$release" ] || die "no root for Slurm $release: run bin/lib/roots $release"
  exec nsenter --net="/run/netns/$namespace" unshare --mount --uts --propagation private \
    "$here/pod" "$dir" "$release" "$host" "$user" "$@"
}

# A process that has ended stays as a zombie where nobody reaps it; it counts as gone.
running() {
  local status
  status=$(ps -o stat= -p "$1") && [ "${status:0:1}" != Z ]
}

alive() {
  [ -s "$dir/run/$1.pid" ] && running "$(cat "$dir/run/$1.pid")"
}

# launch DAEMON RELEASE HOST COMMAND...: in the background; its output goes to log/DAEMON.out.
# In a session of its own, so that a Ctrl-C meant for the caller does not reach it.
launch() {
  local daemon=$1 release=$2 host=$3
  shift 3
  ! alive "$daemon" || die "$daemon of $name runs already"
  echo "$release" >"$dir/run/$daemon.release"
  (inside "$release" "$host" root setsid "$@") </dev/null >>"$dir/log/$daemon.out" 2>&1 &
  echo $! >"$dir/run/$daemon.pid"
}

# halt SIGNAL DAEMON: signals it and waits until it is gone, with SIGKILL after 20 s.
halt() {
  local signal=$1 daemon=$2 pid round
  alive "$daemon" || return 0
  pid=$(cat "$dir/run/$daemon.pid")
  kill -"$signal" "$pid" 2>/dev/null || true
  for ((round = 0; round < 200; round++)); do
    running "$pid" || break
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  rm -f "$dir/run/$daemon.pid"
}

start_munged() {
  local round
  head -c 1024 /dev/urandom >"$dir/munge/key"
  chmod 400 "$dir/munge/key"
  nsenter --net="/run/netns/$name" setsid munged --foreground --force --num-threads=4 \
    --key-file="$dir/munge/key" --socket="$dir/munge/socket" --pid-file="$dir/munge/pid" \
    --log-file="$dir/log/munged.log" --seed-file="$dir/munge/seed" \
    </dev/null >>"$dir/log/munged.out" 2>&1 &
  for ((round = 0; round < 100; round++)); do
    [ ! -S "$dir/munge/socket" ] || return 0
    sleep 0.05
  done
  tail -5 "$dir/log/munged.out" >&2
  die "munged did not start"
}

# Destroys the cluster when the process that owns it is gone, however it went.
start_guard() {
  # shellcheck disable=SC2016  # expanded by the inner shell
  setsid bash -c 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; exec "$2" destroy "$3"' \
    guard "$1" "$here/cluster" "$name" </dev/null >/dev/null 2>&1 &
  echo $! >"$dir/run/guard.pid"
}

# Unless it is the guard itself that destroys.
stop_guard() {
  local guard
  [ -s "$dir/run/guard.pid" ] || return 0
  guard=$(cat "$dir/run/guard.pid")
  [ "$guard" = $$ ] || kill "$guard" 2>/dev/null || true
}

# All that runs in the network namespaces is the cluster's: daemons, jobs, stray clients.
end_all() {
  local round signal=TERM pid namespace
  [ -e "/run/netns/$name" ] || return 0
  # On a busy machine even what is killed takes its time to go, and may have begun something before.
  for ((round = 1; round <= 40; round++)); do
    [ $round -lt 3 ] || signal=KILL
    for pid in $(all_pids); do kill -"$signal" "$pid" 2>/dev/null || true; done
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      [ -n "$(all_pids)" ] || break 2
      sleep 0.1
    done
  done
  [ -z "$(all_pids)" ] || die "processes of $name do not end"
  for namespace in $(namespaces); do ip netns delete "$namespace"; done
}
