# shellcheck shell=bash
# Sourced by `cluster`: the configuration files of a test cluster. It uses the caller's
# dir, nodes, cpus, memory, controllers.
# shellcheck disable=SC2154

# What a test cluster says unless a --set line names the same key: the least that runs without
# cgroups, systemd and an accounting daemon, in every release from 22.05 to 26.05.
default_settings() {
  cat <<X
ClusterName=${1//[^a-z0-9]/}
SlurmUser=slurm
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket
CredType=cred/munge
SlurmctldPort=6817
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
SlurmctldPidFile=/run/slurmctld.pid
SlurmdPidFile=/run/slurmd-%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd-%n.log
SlurmdDebug=verbose
SlurmctldDebug=verbose
MailProg=/bin/true
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
PropagateResourceLimits=NONE
ReturnToService=2
SlurmdParameters=config_overrides
SchedulerParameters=bf_interval=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
X
}

# has_key KEY LINE...: whether one of the lines sets the key.
has_key() {
  local key=${1,,} line
  shift
  for line in "$@"; do
    line=${line,,}
    [ "${line%%=*}" != "$key" ] || return 0
  done
  return 1
}

controller_host() {
  if [ "$1" = 1 ]; then echo ctl; else echo "ctl$1"; fi
}

node_lines() {
  local i
  for ((i = 1; i <= nodes; i++)); do
    echo "NodeName=n$i NodeHostname=n$i Port=$((6820 + i)) Sockets=1 CoresPerSocket=$cpus" \
      "ThreadsPerCore=1 RealMemory=$memory State=UNKNOWN"
  done
}

# write_slurm_conf NAME LINE...: slurm.conf from the defaults, with LINEs replacing or adding.
write_slurm_conf() {
  local name=$1 line i
  shift
  {
    while read -r line; do
      has_key "${line%%=*}" "$@" || echo "$line"
    done < <(default_settings "$name")
    for ((i = 1; i <= controllers; i++)); do echo "SlurmctldHost=$(controller_host "$i")"; done
    # Several controllers in one network namespace each listen on their own address.
    [ "$controllers" = 1 ] || has_key CommunicationParameters "$@" ||
      echo "CommunicationParameters=NoCtldInAddrAny"
    has_key NodeName "$@" || node_lines
    [ $# = 0 ] || printf '%s\n' "$@"
    has_key PartitionName "$@" ||
      echo "PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP"
  } >"$dir/conf/slurm.conf"
}

# One directory per release, because cgroup.conf is looked for beside slurm.conf and its keys
# differ: CgroupPlugin=disabled came with 24.05, before that an empty file serves.
write_release_conf() {
  local release
  for release in 22.05 24.11 26.05; do
    mkdir -p "$dir/conf/$release"
    ln -sfn ../slurm.conf "$dir/conf/$release/slurm.conf"
    if [ "$release" = 22.05 ]; then : >"$dir/conf/$release/cgroup.conf"; else
      echo "CgroupPlugin=disabled" >"$dir/conf/$release/cgroup.conf"
    fi
  done
}

write_hosts() {
  local i
  {
    echo "127.0.0.1 localhost"
    for ((i = 1; i <= controllers; i++)); do echo "10.77.0.$i $(controller_host "$i")"; done
    for ((i = 1; i <= nodes; i++)); do echo "10.77.1.$i n$i"; done
    echo "10.77.0.99 login"
  } >"$dir/etc/hosts"
}

# Users alice and bob exist inside the cluster only: the machine's own files stay as they are.
write_users() {
  local release root user
  for release in 22.05 24.11 26.05; do
    root=$(root_of "$release")
    [ -e "$root/etc/passwd" ] || continue
    cp "$root/etc/passwd" "$dir/etc/passwd-$release"
    cp "$root/etc/group" "$dir/etc/group-$release"
    for user in alice:2001 bob:2002; do
      echo "${user%:*}:x:${user#*:}:${user#*:}::$dir/home/${user%:*}:/bin/bash" >>"$dir/etc/passwd-$release"
      echo "${user%:*}:x:${user#*:}:" >>"$dir/etc/group-$release"
    done
  done
}
