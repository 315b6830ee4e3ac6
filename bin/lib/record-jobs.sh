# shellcheck shell=bash
# Sourced by record-scenario.sh: batch jobs from submission to their end, and how clients see them.
# shellcheck disable=SC2154,SC2016

phase_jobs() {
  local limited
  start_cluster jobs 3 --cpus 4 --memory 4000 --set KillWait=2 --set MinJobAge=300 --set DefMemPerCPU=100 \
    --set Licenses=matlab:4,ansys:2 --set Epilog=/bin/true --set Prolog=/bin/true \
    --set SlurmdTimeout=15 --set HealthCheckProgram=/bin/true --set HealthCheckInterval=10 \
    --set 'NodeName=n1 Port=6821 CPUs=4 RealMemory=4000 Feature=fast,ssd' \
    --set 'NodeName=n[2-3] Port=[6822-6823] CPUs=4 RealMemory=4000 Feature=slow Weight=5' \
    --set 'PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP' \
    --set 'PartitionName=short Nodes=n1 MaxTime=10 DefaultTime=5 MaxNodes=1 State=UP' \
    --set 'PartitionName=shared Nodes=n[2-3] OverSubscribe=FORCE:2 PriorityTier=5 State=UP AllowGroups=alice'
  submit sbatch-time-limit -t 1 -J limited --wrap 'sleep 200'
  limited=$job
  submit_shapes
  submit_wrong
  watch_jobs "$limited"
  cancel_jobs
  change_jobs
  mark time-limit "slurmctld ends job $limited at its time limit"
  sleep 75
  step squeue-after-limit alice squeue --json
  step show-jobs-at-end alice scontrol show job
  mark idle "daemons alone: pings, health checks"
  sleep 12
}

submit_shapes() {
  submit sbatch-wrap --wrap hostname
  sleep 2
  submit sbatch-exit-3 --wrap 'exit 3'
  submit sbatch-signal-death --wrap 'kill -9 $$'
  submit sbatch-two-nodes -N 2 -n 4 -c 1 --ntasks-per-node=2 -J two --wrap 'srun hostname'
  sleep 3
  submit sbatch-many-options -p main,short -N 1-2 -n 2 --mem 100 -t 1:30 -J options -o out/%x.%j -e err.%j -D /tmp \
    --export=ALL,COLOUR=green -A physics -q normal --comment 'a comment' --mail-type=END --mail-user=alice \
    --nice=7 --requeue --begin=now+1hour --signal=B:USR1@30 --open-mode=append --hint=nomultithread --wrap 'hostname'
  submit sbatch-constraints -C 'fast&ssd' -w n1 --mem-per-cpu 50 --mincpus 2 --wrap 'sleep 1'
  submit sbatch-exclude -x 'n[2-3]' --exclusive --no-requeue --export=NONE --wrap 'sleep 1'
  submit sbatch-licence -L matlab:2 --contiguous --oversubscribe -p shared --wrap 'sleep 30'
  submit sbatch-hold -H -J held --wrap hostname
  held=$job
  submit sbatch-dependency -d "afterok:$held" --kill-on-invalid-dep=yes --wrap hostname
  submit sbatch-array -a 1-6%2 -J arr --wrap 'sleep 20'
  array=$job
  submit sbatch-deadline --deadline=now+2hours --time-min=1 -t 30 --priority=100 --wrap hostname
  submit sbatch-cores -N 1 --sockets-per-node=1 --cores-per-socket=1 --threads-per-core=1 -c 2 --wrap hostname
  submit sbatch-bigger-than-free -N 3 --exclusive -J blocked --wrap hostname
  step sbatch-test-only alice sbatch --test-only -N 2 --wrap hostname
  step sbatch-het alice sbatch -J het -n 1 : -n 2 --wrap 'sleep 5'
  step sbatch-script alice sh -c 'printf "#!/bin/bash\n#SBATCH -J script\n#SBATCH -o script.out\necho one\nsleep 40\n" >s.sh && sbatch s.sh first "second word"'
  step sbatch-wait alice sbatch --wait -p short --wrap true
  step sbatch-tmp alice sbatch --tmp 1 --wrap hostname
  step sbatch-by-root root sbatch --uid=alice --chdir=/tmp --wrap 'sleep 3'
}

submit_wrong() {
  step sbatch-bad-partition alice sbatch -p nowhere --wrap hostname
  step sbatch-too-many-nodes alice sbatch -N 99 --wrap hostname
  step sbatch-too-much-memory alice sbatch --mem 1T --wrap hostname
  step sbatch-bad-feature alice sbatch -C nothere --wrap hostname
  step sbatch-too-long alice sbatch -p short -t 1000 --wrap hostname
  step sbatch-bad-dependency alice sbatch -d afterok:99999 --wrap hostname
  step sbatch-bad-node alice sbatch -w n77 --wrap hostname
  step sbatch-bad-licence alice sbatch -L nothere:1 --wrap hostname
  step sbatch-not-allowed bob sbatch -p shared --wrap hostname
}

# watch_jobs JOB: with jobs running, pending, held and ended.
watch_jobs() {
  step squeue alice squeue
  step squeue-long alice squeue -l
  step squeue-format alice squeue -o '%i %P %j %u %t %M %D %R %C %m %Q %S %e'
  step squeue-format-long alice squeue -O JobID,Partition,Name,UserName,State,TimeUsed,NumNodes,ReasonList,tres
  step squeue-json alice squeue --json
  step squeue-job alice squeue -j "$1"
  step squeue-user alice squeue -u alice -t all
  step squeue-start alice squeue --start
  step squeue-steps alice squeue -s
  step squeue-unknown alice squeue -j 99999
  step show-jobs alice scontrol show job
  step show-job alice scontrol -d show job "$1"
  step show-job-unknown alice scontrol show job 99999
  step show-steps alice scontrol show step
  step write-batch-script alice scontrol write batch_script "$1" -
  step write-batch-script-other bob scontrol write batch_script "$1" -
  step sinfo-busy alice sinfo -N -l
  step sprio-basic alice sprio
  step sdiag root sdiag
  step job-states alice squeue --only-job-state
}

cancel_jobs() {
  submit sbatch-for-cancel --wrap 'sleep 100'
  sleep 1.5
  step scancel alice scancel "$job"
  sleep 3
  submit sbatch-for-signal --wrap 'trap "echo got it" USR1; for i in 1 2 3 4 5; do sleep 1; done'
  sleep 1.5
  step scancel-signal alice scancel -s USR1 -b "$job"
  step scancel-signal-full alice scancel -s CONT -f "$job"
  submit sbatch-trap-term --wrap 'trap "" TERM; sleep 60 & wait; sleep 60'
  sleep 1.5
  step scancel-stubborn alice scancel "$job"
  sleep 4
  step scancel-array-task alice scancel "${array}_2"
  step scancel-array-range alice scancel "${array}_[4-5]"
  step scancel-other bob scancel "$array"
  step scancel-unknown alice scancel 99999
  step scancel-state alice scancel -t PENDING -n blocked
  step scancel-name alice scancel -n arr -u alice
  sleep 2
  submit sbatch-for-root -J rooted -H --wrap hostname
  step scancel-by-root root scancel -u alice -n rooted
}

change_jobs() {
  step release alice scontrol release "$held"
  sleep 2
  submit sbatch-for-change -J change -p main --begin=now+1hour --wrap 'sleep 30'
  step hold alice scontrol hold "$job"
  step uhold alice scontrol uhold "$job"
  step release-again alice scontrol release "$job"
  step update-time-limit alice scontrol update jobid="$job" TimeLimit=20
  step update-many alice scontrol update jobid="$job" JobName=changed Comment=hello MinCPUs=2 Nice=5 Partition=short
  step update-refused alice scontrol update jobid="$job" Priority=100000
  step update-by-other bob scontrol update jobid="$job" JobName=stolen
  step update-features alice scontrol update jobid="$job" Features=fast Dependency=
  step update-start-now alice scontrol update jobid="$job" StartTime=now
  sleep 2
  submit sbatch-for-suspend -J suspended --mem 10 --wrap 'sleep 60'
  sleep 2
  step suspend-refused alice scontrol suspend "$job"
  step suspend root scontrol suspend "$job"
  sleep 1
  step squeue-suspended alice squeue -t all
  step resume root scontrol resume "$job"
  sleep 1
  step requeue alice scontrol requeue "$job"
  sleep 4
  step show-requeued alice scontrol show job "$job"
  step requeuehold root scontrol requeuehold "$job"
  sleep 3
  step top alice scontrol top "$job"
  step notify alice scontrol notify "$job" hello
  step cancel-rest root scancel "$job"
}
