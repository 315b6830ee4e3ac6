# shellcheck shell=bash
# Sourced by record-scenario.sh: what is seldom asked for, and nodes that not everybody may see.
# shellcheck disable=SC2154,SC2016

phase_rare() {
  start_rare
  see_hidden
  rare_questions
  rare_changes
}

start_rare() {
  local conf topology=topology/block node
  [ "$release" != 22.05 ] || topology=topology/tree
  "$cluster" create "$name" --nodes 3 --owner $$ --set SlurmctldParameters=enable_configless \
    --set TopologyPlugin=$topology --set MaxNodeCount=8 --set RebootProgram=/bin/true \
    --set 'NodeName=n[1-3] Port=[6821-6823] CPUs=4 RealMemory=2000 Feature=fast,old Weight=5' \
    --set 'PartitionName=main Nodes=n[1-2] Default=YES TRESBillingWeights=CPU=1.0,Mem=0.25G DefCpuPerGPU=1'
  conf=$("$cluster" dir "$name")/conf
  printf '%s\n' 'NodeName=f[1-2] CPUs=2 State=FUTURE' \
    'PartitionName=secret Nodes=n3 Hidden=YES AllowGroups=bob OverSubscribe=FORCE:4 GraceTime=30 MaxMemPerCPU=500 Alternate=main' \
    >>"$conf/slurm.conf"
  if [ "$release" = 22.05 ]; then
    printf 'SwitchName=b1 Nodes=n[1-2]\nSwitchName=b2 Nodes=n3\n' >"$conf/$release/topology.conf"
  else
    printf 'BlockName=b1 Nodes=n[1-2]\nBlockName=b2 Nodes=n3\nBlockSizes=1,2\n' >"$conf/$release/topology.conf"
  fi
  begin_capture "$dir/rare.pcap"
  mark start "slurmctld; n3 in a hidden partition, nodes f1 and f2 FUTURE, $topology"
  "$cluster" start "$name" controller "$release"
  sleep 1.5
  mark register "slurmd"
  for node in n1 n2 n3; do "$cluster" start "$name" "$node" "$release"; done
  "$cluster" await "$name"
  sleep 1
}

see_hidden() {
  step sinfo-hidden alice sinfo
  step sinfo-all alice sinfo -a
  step show-node-hidden alice scontrol show node
  step show-node-hidden-root root scontrol show node
  step show-node-future root scontrol --future show node
  step show-node-all alice scontrol -a -d show node
  step show-partition-hidden alice scontrol show partition
  step show-partition-all alice scontrol -a show partition
}

rare_questions() {
  step show-topology-block alice scontrol show topology
  step show-topology-config alice scontrol show topoconf
  step show-hostnames-block alice scontrol show hostnames 'block{b1}'
  step show-front-ends alice scontrol show frontend
  step show-burst-buffer-status alice scontrol show bbstat
  step token-refused alice scontrol token lifespan=60
  step client-files alice env -u SLURM_CONF SLURM_CONF_SERVER=ctl:6817 sinfo
}

rare_changes() {
  step dampening-factor root scontrol fsdampeningfactor 3
  step suspend-exclude-nodes root scontrol update SuspendExcNodes=n1
  step suspend-exclude-partitions root scontrol update SuspendExcParts+=main
  step suspend-exclude-states root scontrol update SuspendExcStates=down
  step update-node-more root scontrol update nodename=n1 extra=x=1 comment=noted weight=9
  step create-node-dynamic root scontrol create nodename=dyn1 cpus=2 state=cloud
  step delete-node root scontrol delete nodename=dyn1
  step reboot-resume root scontrol reboot asap nextstate=resume reason=kernel n2
  step reservation-flex root scontrol create reservation reservationname=flex starttime=now+3600 duration=10 users=root corecnt=2 flags=flex
  step show-reservation-cores alice scontrol show reservation
  step takeover-single root scontrol takeover
}

# One node alone, and how long a process has left.
phase_questions() {
  start_cluster questions 2
  step node-single alice sinfo -n n1
  step node-single-long alice sinfo -N -l -n n2
  step long alice sbatch -w n1 -t 30 --wrap 'echo $$ >pid; sleep 60'
  sleep 2
  step end-time alice sh -c 'SLURMD_NODENAME=n1 scontrol pidinfo $(cat pid)'
  step end-time-unknown alice sh -c 'SLURMD_NODENAME=n1 scontrol pidinfo 1'
  step end alice scancel -n wrap
}

# Debian's 22.05 comes without scrontab: there the steps show only that.
phase_cron() {
  local table
  start_cluster cron 1 --set ScronParameters=enable
  table=$("$cluster" dir "$name")/home/alice/table
  step crontab-none alice scrontab -l
  printf '%s\n' '0 3 * * * true' '#SCRON -J often -t 1' '*/5 8-17 1,15 * 1-5 date' >"$table"
  step crontab-new alice scrontab "$table"
  step crontab-list alice scrontab -l
  step crontab-squeue alice squeue -o '%i %j %S'
  step crontab-job alice scontrol show job
  step crontab-cancel alice scancel -n often
  step crontab-list-disabled alice scrontab -l
  step crontab-foreign bob scrontab -u alice -l
  step crontab-root root scrontab -u alice -l
  printf '%s\n' '* * * * * true' '#SCRON -p nowhere' '* * * * * true' >"$table"
  step crontab-refused alice scrontab "$table"
  step crontab-removed alice scrontab -r
}
