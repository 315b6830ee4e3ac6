# shellcheck shell=bash
# Sourced by record-state: MariaDB and slurmdbd beside a test cluster, on its host login. It uses the
# caller's cluster, name, release, recordings.
# shellcheck disable=SC2154

# Roots made before they held slurmdbd get it now; a change of Slurm's version there is refused.
ensure_slurmdbd() {
  local root
  root=$(root_of "$1")
  [ ! -x "$root/usr/sbin/slurmdbd" ] || return 0
  say "adding slurmdbd to the root of $1"
  # shellcheck disable=SC2016  # expanded by the inner shell
  (
    flock 9
    unshare --mount --propagation private sh -ec '
      mount -t proc proc "$1/proc"
      chroot "$1" sh -ec "
        export DEBIAN_FRONTEND=noninteractive LC_ALL=C
        apt-get -q update
        apt-get -q -y --no-upgrade install slurmdbd
        apt-get clean"' sh "$root"
  ) 9>"$BATON_CACHE/roots/$(suite_of "$1").lock" >"$recordings/slurmdbd-$1.log" 2>&1 ||
    die "slurmdbd could not be added ($recordings/slurmdbd-$1.log)"
}

# All of these end with the cluster, being in its network namespace.
start_database() {
  local dir round
  dir=$("$cluster" dir "$name")
  mkdir -p "$dir/mysql"
  chown mysql: "$dir/mysql"
  mariadb-install-db --no-defaults --datadir="$dir/mysql" --user=mysql \
    --auth-root-authentication-method=normal --skip-test-db >"$dir/log/install-db.out" 2>&1
  printf '%s\n' 'CREATE DATABASE slurm;' "CREATE USER slurm@'%' IDENTIFIED BY 'slurm';" \
    "GRANT ALL ON slurm.* TO slurm@'%';" >"$dir/mysql.sql"
  "$cluster" exec "$name" mariadbd --no-defaults --datadir="$dir/mysql" --user=mysql --bind-address=10.77.0.99 \
    --socket="$dir/mysql/socket" --init-file="$dir/mysql.sql" --skip-name-resolve \
    >"$dir/log/mariadbd.out" 2>&1 </dev/null &
  for ((round = 0; round < 300; round++)); do
    ! grep -qs 'ready for connections' "$dir/log/mariadbd.out" || return 0
    sleep 0.1
  done
  die "MariaDB does not start ($dir/log/mariadbd.out)"
}

start_slurmdbd() {
  local dir conf round
  dir=$("$cluster" dir "$name")
  conf=$dir/conf/$release/slurmdbd.conf
  cat >"$conf" <<CONF
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket
DbdHost=login
SlurmUser=slurm
StorageType=accounting_storage/mysql
StorageHost=10.77.0.99
StorageUser=slurm
StoragePass=slurm
StorageLoc=slurm
LogFile=$dir/log/slurmdbd.log
PidFile=/run/slurmdbd.pid
TrackWCKey=yes
CONF
  chmod 600 "$conf"
  chown slurm: "$conf"
  "$cluster" client "$name" "$release" root slurmdbd -D >"$dir/log/slurmdbd.out" 2>&1 </dev/null &
  slurmdbd=$!
  for ((round = 0; round < 300; round++)); do
    ! grep -qs 'slurmdbd version .* started' "$dir/log/slurmdbd.log" || return 0
    sleep 0.1
  done
  die "slurmdbd does not start ($dir/log/slurmdbd.log)"
}

stop_slurmdbd() {
  kill "$slurmdbd"
  wait "$slurmdbd" || true
}
