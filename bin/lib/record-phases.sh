# shellcheck shell=bash
# Sourced by record-scenario.sh: the other phases.
# shellcheck disable=SC2154,SC2016

phase_steps() {
  start_cluster steps 2 --cpus 4 --set KillWait=2 --set DefMemPerCPU=100 --set InactiveLimit=30
  step srun alice srun hostname
  step srun-two-nodes alice srun -N 2 -n 4 -l hostname
  step srun-options alice srun -n 2 -c 1 --mem=50 -t 2 -J stepped --comment=c -o srun.%j.%t sh -c 'echo $SLURM_PROCID'
  step srun-exit-code alice srun sh -c 'exit 5'
  step srun-not-found alice srun /nowhere
  step srun-bad-partition alice srun -p nowhere hostname
  step srun-immediate alice srun --immediate=1 -N 2 --exclusive hostname
  step salloc alice salloc -n 2 srun -n 2 hostname
  step salloc-no-shell alice salloc --no-shell -N 1 -J kept
  background srun-long alice srun -J long -N 2 sleep 25
  step squeue-steps alice squeue -s
  step show-step alice scontrol show step
  step sstat alice sstat -a -j 9
  step sattach alice timeout 2 sattach 9.0
  step steps-json alice squeue -s --json
  step listpids root scontrol listpids
  background srun-waiting alice srun -J waiting -N 2 --exclusive sleep 3
  step squeue-waiting alice squeue
  step notify alice scontrol notify 9 'a word'
  step update-step alice scontrol update stepid=9.0 timelimit=5
  step suspend-step-job root scontrol suspend 9
  sleep 1
  step resume-step-job root scontrol resume 9
  step scancel-step alice scancel 9.0
  sleep 5
  step sbcast alice salloc -N 2 sh -c 'echo data >b.txt; sbcast -f b.txt /tmp/bcast-test.$$; srun -N2 ls /tmp/bcast-test.$$; srun -N2 rm -f /tmp/bcast-test.$$'
  step srun-overlap alice salloc -n 4 sh -c 'srun -n 4 sleep 3 & sleep 1; srun -n 2 hostname & srun --overlap -n 1 hostname; wait'
  step srun-signal alice sh -c 'srun -J sig sleep 30 & sleep 2; scancel -s INT -n sig; wait'
  step srun-time-limit-batch alice sbatch --wrap 'srun -n 2 sleep 2; srun --signal=USR1@5 -n 1 hostname; srun --multi-prog /dev/null'
  sleep 6
  background srun-allocation alice salloc -N 1 -t 1 sleep 80
  step cancel-allocation alice scancel -n kept
  mark allocation-time-limit "salloc's minute passes"
  sleep 72
  step srun-het alice srun -n 1 hostname : -n 1 hostname
  step srun-x11 alice srun --x11 hostname
  step end root scancel -u alice
  sleep 2
}

phase_scheduling() {
  local conf
  start_scheduling
  step sbatch-gres alice sbatch --gres=gpu:1 -n 2 --wrap 'sleep 8'
  step sbatch-gpus alice sbatch --gpus=2 --cpus-per-gpu=1 --mem-per-gpu=10 -N 1 --wrap 'sleep 8'
  step sbatch-gpus-per-node alice sbatch -N 2 --gpus-per-node=tesla:1 --ntasks-per-gpu=1 --wrap 'srun sleep 5'
  sleep 1.5
  step srun-gres alice srun --gres=gpu:tesla:1 hostname
  step show-job-gres alice scontrol -d show job
  step show-node-gres alice scontrol -d show node
  step squeue-gres alice squeue -O JobID,tres-alloc,tres-per-node
  step sinfo-gres alice sinfo -O NodeList,Gres,GresUsed
  step sbatch-low alice sbatch -N 2 --exclusive -J low --nice=100 --wrap 'sleep 5'
  step sbatch-high alice sbatch -N 2 --exclusive -J high --wrap 'sleep 5'
  step sprio alice sprio
  step sprio-long alice sprio -l
  step sprio-weights alice sprio -w
  step sshare alice sshare
  step squeue-priority alice squeue -o '%i %Q %p %r'
  step show-topology alice scontrol show topology
  step show-topology-unit alice scontrol show topology unit=leaf1
  step sbatch-switches alice sbatch --switches=1@5 -N 2 --wrap hostname
  step sbatch-bad-gres alice sbatch --gres=nothing:1 --wrap hostname
  step sbatch-spread alice sbatch --spread-job -N 2 --core-spec=1 --cpu-freq=high --bb=x --power=level --profile=none --delay-boot=1 --wrap hostname
  sleep 8
  mark prolog-fails "Prolog becomes a program that fails; a batch job is launched"
  conf=$("$cluster" dir "$name")/conf/slurm.conf
  sed -i 's,^Prolog=.*,Prolog=/bin/false,' "$conf"
  step reconfigure-prolog root scontrol reconfigure
  sleep 3
  step sbatch-prolog-fails alice sbatch -J prologfails --wrap hostname
  sleep 4
  step show-after-prolog alice scontrol show node
  step cancel-all root scancel -u alice
  sleep 2
}

start_scheduling() {
  local dir_of_cluster release_conf
  "$cluster" create "$name" --nodes 2 --owner $$ --set PrologFlags=Alloc --set Prolog=/bin/true \
    --set PriorityType=priority/multifactor --set PriorityWeightAge=1000 --set PriorityWeightJobSize=100 \
    --set PriorityWeightPartition=100 --set TopologyPlugin=topology/tree --set GresTypes=gpu --set KillWait=2 \
    --set SelectTypeParameters=CR_Core_Memory --set EpilogSlurmctld=/bin/true --set PrologSlurmctld=/bin/true \
    --set 'NodeName=n[1-2] Port=[6821-6822] CPUs=4 RealMemory=2000 Gres=gpu:tesla:2' --set DefMemPerCPU=100
  dir_of_cluster=$("$cluster" dir "$name")
  release_conf=$dir_of_cluster/conf/$release
  # Any two device files pass for graphics cards.
  printf 'Name=gpu Type=tesla File=/dev/%s\n' null zero >"$release_conf/gres.conf"
  printf 'SwitchName=leaf1 Nodes=n[1-2]\nSwitchName=top Switches=leaf1\n' >"$release_conf/topology.conf"
  begin_capture "$dir/scheduling.pcap"
  mark start "slurmctld, PrologFlags=Alloc"
  "$cluster" start "$name" controller "$release"
  sleep 1.5
  mark register "slurmd"
  "$cluster" start "$name" n1 "$release"
  "$cluster" start "$name" n2 "$release"
  "$cluster" await "$name"
  sleep 1
}

phase_configless() {
  "$cluster" create "$name" --nodes 1 --owner $$ --set SlurmctldParameters=enable_configless
  begin_capture "$dir/configless.pcap"
  mark start "slurmctld, enable_configless"
  "$cluster" start "$name" controller "$release"
  sleep 1.5
  mark configless "slurmd --conf-server ctl:6817"
  "$cluster" start "$name" n1 "$release" --conf-server ctl:6817
  "$cluster" await "$name"
  step sbatch-configless alice sbatch --wrap 'srun hostname'
  sleep 3
  echo "PartitionName=added Nodes=n1" >>"$("$cluster" dir "$name")/conf/slurm.conf"
  step reconfigure-configless root scontrol reconfigure
  sleep 3
  step client-configless alice env -u SLURM_CONF SLURM_CONF_SERVER=ctl:6817 sinfo
}

phase_backup() {
  "$cluster" create "$name" --nodes 1 --controllers 2 --owner $$ --set SlurmctldTimeout=10
  begin_capture "$dir/backup.pcap"
  mark start "two slurmctld"
  "$cluster" start "$name" controller "$release"
  sleep 2
  "$cluster" start "$name" controller2 "$release"
  "$cluster" start "$name" n1 "$release"
  "$cluster" await "$name"
  sleep 2
  step ping-two alice scontrol ping
  step show-config-two alice scontrol show config
  sleep 6
  step takeover root scontrol takeover
  sleep 6
  step ping-after-takeover alice scontrol ping
  step squeue-after-takeover alice squeue
  mark primary-back "the first slurmctld starts again and takes control back"
  "$cluster" start "$name" controller "$release"
  sleep 8
  step ping-after-return alice scontrol ping
  step shutdown root scontrol shutdown
  sleep 4
}

# A tree two wide, so that slurmd pass messages on and gather the answers.
phase_tree() {
  start_cluster tree 7 --set TreeWidth=2 --set SlurmdTimeout=9 --set DefMemPerCPU=100 --set KillWait=2 \
    --set HealthCheckProgram=/bin/true --set HealthCheckInterval=5
  mark tree-idle "daemons alone: pings, health checks, through the tree"
  sleep 8
  step tree-batch alice sbatch -N 7 --wrap 'srun hostname; sleep 100'
  sleep 3
  step tree-suspend root scontrol suspend 1
  step tree-resume root scontrol resume 1
  step tree-cancel alice scancel 1
  sleep 4
  step tree-reconfigure root scontrol reconfigure
  sleep 3
  mark tree-node-lost "slurmd of n5 is stopped with SIGKILL"
  "$cluster" kill "$name" n5
  sleep 8
  step tree-srun alice srun -N 6 hostname
  mark tree-restart "slurmctld is stopped with SIGKILL and starts again"
  "$cluster" kill "$name" controller
  "$cluster" start "$name" controller "$release"
  sleep 8
}

# Programs of other releases: what comes back, or that nothing does.
phase_mismatch() {
  local other
  start_cluster mismatch 1
  for other in 22.05 24.11 26.05; do
    [ "$other" != "$release" ] || continue
    from_release "$other" squeue
    from_release "$other" scontrol ping
    from_release "$other" sbatch --wrap hostname
    mark "slurmd-$other" "slurmd of $other registers"
    "$cluster" stop "$name" n1
    "$cluster" start "$name" n1 "$other"
    sleep 4
    "$cluster" stop "$name" n1
  done
}

from_release() {
  local other=$1
  shift
  mark "$1-$other" "$* of $other"
  printf '### %s of %s\n' "$*" "$other" >>"$output"
  timeout 20 "$cluster" client "$name" "$other" alice "$@" >>"$output" 2>&1 || echo "[$?]" >>"$output"
  sleep 0.2
}
