# shellcheck shell=bash
# Sourced by record-state: what happens in the cluster whose state is kept. It uses the caller's cluster,
# name, release, and step.
# shellcheck disable=SC2154,SC2016

# Two controllers are configured, so that there is a heartbeat; one runs.
busy_cluster() {
  local dir node
  "$cluster" create "$name" --nodes 4 --controllers 2 --owner $$ \
    --set KillWait=2 --set MinJobAge=3600 --set SlurmctldTimeout=8 --set Licenses=matlab:4,ansys:2 \
    --set AccountingStorageType=accounting_storage/slurmdbd --set AccountingStorageHost=login \
    --set AccountingStorageEnforce=associations,limits,qos --set AccountingStorageTRES=gres/gpu,license/matlab \
    --set JobAcctGatherType=jobacct_gather/linux --set TrackWCKey=yes --set ScronParameters=enable \
    --set PriorityType=priority/multifactor --set PriorityWeightFairshare=1000 --set PriorityWeightQOS=100 \
    --set PriorityCalcPeriod=1 --set GresTypes=gpu --set DefMemPerCPU=100 --set UnkillableStepTimeout=600 \
    --set 'NodeName=n1 Port=6821 CPUs=4 RealMemory=4000 Feature=fast,ssd Gres=gpu:tesla:2' \
    --set 'NodeName=n[2-3] Port=[6822-6823] CPUs=4 RealMemory=4000 Feature=slow Weight=5' \
    --set 'NodeName=n4 Port=6824 CPUs=4 RealMemory=4000' \
    --set 'PartitionName=main Nodes=n[1-3] Default=YES MaxTime=INFINITE State=UP' \
    --set 'PartitionName=short Nodes=n1 MaxTime=10 DefaultTime=5 MaxNodes=1 State=UP' \
    --set 'PartitionName=stuck Nodes=n4 State=UP OverSubscribe=FORCE:2 AllowGroups=alice' \
    --set 'PartitionName=off Nodes=n[2-3] State=DOWN' --set 'PartitionName=idle Nodes=n[2-3] State=DOWN'
  dir=$("$cluster" dir "$name")
  printf 'NodeName=n1 Name=gpu Type=tesla File=/dev/%s\n' null zero >"$dir/conf/$release/gres.conf"
  # A job of the partition stuck stays completing while its epilog sleeps.
  printf '#!/bin/sh\n[ "$SLURM_JOB_PARTITION" != stuck ] || sleep 300\n' >"$dir/conf/epilog"
  chmod 755 "$dir/conf/epilog"
  echo "Epilog=$dir/conf/epilog" >>"$dir/conf/slurm.conf"
  start_database
  start_slurmdbd
  "$cluster" start "$name" controller "$release"
  sleep 3
  fill_accounting "${name//[^a-z0-9]/}"
  for node in n1 n2 n3 n4; do "$cluster" start "$name" "$node" "$release"; done
  "$cluster" await "$name"
  sleep 2
  run_jobs
  keep_waiting
  change_cluster
  without_database
  step root scontrol show job
  step root scontrol show node
  step root squeue --json
  step root squeue -r -o '%i %j %T %r'
}

fill_accounting() {
  step root sacctmgr -i add account physics Organization=science Description=heavy
  step root sacctmgr -i add account chemistry Organization=science GrpTRES=cpu=6 GrpJobs=5
  step root sacctmgr -i add user alice Account=physics,chemistry DefaultAccount=physics
  step root sacctmgr -i add user bob Account=chemistry MaxJobs=2
  step root sacctmgr -i add qos narrow set MaxJobsPerUser=1 Priority=10 GrpTRESMins=cpu=1000
  step root sacctmgr -i add qos urgent set Priority=1000 Preempt=narrow Flags=DenyOnLimit
  step root sacctmgr -i modify user alice set QOS+=narrow,urgent
  step root sacctmgr -i modify user bob set AdminLevel=Operator
  step root sacctmgr -i modify user alice set DefaultWCKey=blue
  step root sacctmgr -i add coordinator Account=physics Names=alice
  step root sacctmgr -i add resource Name=flex Server=licences Count=100 Type=License Cluster="$1" PercentAllowed=50
  sleep 2
}

batch() {
  step alice sbatch --parsable "$@"
  job=${last%%;*}
}

run_jobs() {
  batch -J done --wrap hostname
  done_job=$job
  batch -J failed --wrap 'exit 3'
  batch -p stuck -J completing --wrap 'sleep 1'
  batch -J suspended -n 1 --wrap 'sleep 900'
  suspended=$job
  batch -J gpu --gres=gpu:tesla:1 -t 60 --wrap 'srun --gres=gpu:1 sleep 900'
  batch -J two -N 2 -n 3 -t 1-0 --mail-type=END --comment 'two nodes' --wckey=blue --wrap 'srun -n 3 sleep 900 & srun --overlap -n 1 sleep 900; wait'
  batch -J licence -L matlab:2 --wrap 'sleep 900'
  batch -J array -a '1-9%2' --qos=urgent --wrap 'sleep $((SLURM_ARRAY_TASK_ID < 4 ? 2 : 900))'
  step alice sbatch -J het -n 1 : -n 1 --wrap 'sleep 900'
  background alice srun -J interactive -n 1 sleep 900
  background alice salloc -J allocation --no-shell -n 1
  sleep 12
  step root scontrol suspend "$suspended"
  batch -J cancelled --wrap 'sleep 900'
  sleep 2
  step alice scancel "$job"
}

keep_waiting() {
  batch -J held -H --wrap hostname
  batch -J heldbyroot --wrap hostname --begin=now+2hours
  step root scontrol hold "$job"
  batch -J later --begin=now+1day --deadline=now+3days -t 30 --time-min=10 --wrap hostname
  batch -J dependent -d "afterok:$suspended" --wrap hostname
  batch -J never -d "afternotok:$done_job" --wrap hostname
  batch -J both -d "afterany:$suspended?after:$job" --wrap hostname
  batch -J again -d singleton --wrap hostname
  batch -J large -N 3 --exclusive -t 60 --wrap hostname
  batch -J next -n 4 --mem-per-cpu=200 -C 'slow|fast' --prefer=fast --wrap hostname
  batch -J licences -L matlab:4 --wrap hostname
  batch -J down -p off --wrap hostname
  batch -J inactive -p idle --wrap hostname
  step root scontrol update PartitionName=idle State=INACTIVE
  batch -J narrow1 --qos=narrow -n 1 --wrap 'sleep 900'
  batch -J narrow2 --qos=narrow -n 1 --wrap 'sleep 900'
  batch -J toomuch -A chemistry -n 8 -N 2 --wrap hostname
  batch -J several -p main,short --nice=5 --requeue --signal=B:USR1@30 --open-mode=append --export=ALL,COLOUR=green -o 'out.%j' -D /tmp --wrap hostname
  batch -J waitsarray -a '1,3,5-20:3' --wrap hostname --begin=now+1day
  batch -J cores --sockets-per-node=2 --cores-per-socket=1 --threads-per-core=1 -n 2 --distribution=cyclic:block --cpu-freq=high --wrap hostname --begin=now+1day
  batch -J gpus --gpus=2 --gpus-per-node=2 --cpus-per-gpu=1 --mem-per-gpu=10 -N 1 --wrap hostname
  step alice sbatch -J hetwaits -n 1 -N 1 : -N 2 --exclusive --wrap hostname
  step alice sh -c 'printf "#!/bin/sh\n#SBATCH -J script\necho one\n" >s.sh && sbatch --begin=now+1day s.sh first "second word"'
  step alice sh -c 'printf "0 3 * * 1 hostname\n#SCRON -n 1\n*/5 * * * * sleep 1\n" | scrontab -'
}

change_cluster() {
  step root scontrol create reservation ReservationName=maintenance StartTime=now+1day Duration=120 Nodes=n3 Users=root,alice Flags=MAINT,IGNORE_JOBS
  step root scontrol create reservation ReservationName=course StartTime=now+2days Duration=60 Accounts=physics CoreCnt=2 Nodes=n2 Licenses=ansys:1
  batch -J reserved --reservation=maintenance --wrap hostname
  batch -J course --reservation=course -A physics --wrap hostname
  step root scontrol update NodeName=n3 State=DRAIN Reason='fan broken'
  step root scontrol update NodeName=n2 Comment='a comment' Extra=more Weight=7
  step root scontrol update PartitionName=short MaxTime=20 PriorityTier=3
  step slurm strigger --set --jobid="$suspended" --fini --program=/bin/true
  step slurm strigger --set --node=n1 --down --program=/bin/true --flags=PERM
  sleep 8
}

# What slurmctld could not tell slurmdbd stands in dbd.messages when it ends.
without_database() {
  step root sacctmgr -n show stats
  stop_slurmdbd
  batch -J unaccounted -p stuck --wrap 'sleep 900'
  step alice scancel -n dependent
  sleep 4
}
