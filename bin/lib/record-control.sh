# shellcheck shell=bash
# Sourced by record-scenario.sh: what administrators see and change.
# shellcheck disable=SC2154,SC2016

phase_control() {
  start_cluster control 3 --cpus 2 --set SlurmdTimeout=15 --set RebootProgram=/bin/true \
    --set Licenses=matlab:4 --set KillWait=2
  see_nodes
  see_controller
  change_nodes
  change_partitions
  reservations
  triggers
  lose_node
  restart_controller
  step shutdown root scontrol shutdown
  sleep 4
}

see_nodes() {
  step sinfo alice sinfo
  step sinfo-nodes alice sinfo -N
  step sinfo-long alice sinfo -l
  step sinfo-format alice sinfo -o '%P %a %l %D %t %N %C %m %f %G'
  step sinfo-format-long alice sinfo -O NodeList,StateLong,CPUsState,Memory,Features,Reason,Timestamp
  step sinfo-reasons alice sinfo -R
  step sinfo-json alice sinfo --json
  step sinfo-summary alice sinfo -s
  step sinfo-reservations alice sinfo -T
  step show-nodes alice scontrol show node
  step show-node alice scontrol show node n1
  step show-node-unknown alice scontrol show node n77
  step show-partition alice scontrol show partition
  step show-partition-unknown alice scontrol show partition nowhere
}

see_controller() {
  step ping alice scontrol ping
  step show-config alice scontrol show config
  step show-config-root root scontrol show config
  step show-daemons alice scontrol show daemons
  step show-hostnames alice scontrol show hostnames 'n[1-3]'
  step show-licenses alice scontrol show licenses
  step show-reservation-none alice scontrol show reservation
  step show-topology alice scontrol show topology
  step show-burst-buffer alice scontrol show burstbuffer
  step show-federation alice scontrol show federation
  step show-assoc-mgr root scontrol show assoc_mgr
  step show-slurmd root scontrol show slurmd
  step sdiag-root root sdiag
  step sdiag-reset root sdiag --reset
  step set-debug root scontrol setdebug debug
  step set-debug-back root scontrol setdebug verbose
  step set-debug-flags root scontrol setdebugflags +backfill
  step set-debug-refused alice scontrol setdebug debug
  step schedloglevel root scontrol schedloglevel 0
  step completing alice scontrol completing
  step reconfigure root scontrol reconfigure
  sleep 3
  step reconfigure-refused alice scontrol reconfigure
}

change_nodes() {
  step drain root scontrol update nodename=n2 state=drain reason='bad disk'
  step sinfo-drained alice sinfo -R
  step show-node-drained alice scontrol show node n2
  step undrain root scontrol update nodename=n2 state=resume
  step down root scontrol update nodename=n3 state=down reason=test
  step sinfo-down alice sinfo -N -l
  step up root scontrol update nodename=n3 state=resume
  step node-many root scontrol update 'nodename=n[1-2]' weight=7 comment=noted activefeatures=new availablefeatures=new,old
  step node-refused alice scontrol update nodename=n1 state=down reason=no
  step node-unknown root scontrol update nodename=n77 state=down reason=no
  step node-bad-state root scontrol update nodename=n1 state=nonsense
  step reboot root scontrol reboot asap reason=kernel n3
  sleep 1
  step cancel-reboot root scontrol cancel_reboot n3
  step create-node root scontrol create nodename=n9 cpus=2 state=cloud
  step node-after alice scontrol show node n1
}

change_partitions() {
  step create-partition root scontrol create partitionname=extra nodes='n[1-2]' maxtime=30 priorityjobfactor=3
  step create-partition-twice root scontrol create partitionname=extra nodes=n1
  step show-partition-created alice scontrol show partition extra
  step update-partition root scontrol update partitionname=extra state=drain maxtime=60 allowaccounts=physics
  step partition-down root scontrol update partitionname=extra state=down
  step submit-to-down alice sbatch -p extra --wrap hostname
  step update-partition-refused alice scontrol update partitionname=main state=down
  step update-partition-bad root scontrol update partitionname=nowhere state=down
  step delete-partition-busy root scontrol delete partitionname=extra
  step cancel-all root scancel -u alice
  step delete-partition root scontrol delete partitionname=extra
}

reservations() {
  step create-reservation root scontrol create reservation reservationname=maint starttime=now+60 duration=30 users=root nodes=n3 flags=maint,ignore_jobs
  step create-reservation-users root scontrol create reservation reservationname=class starttime=now duration=60 users=alice,bob nodecnt=1
  step create-reservation-bad root scontrol create reservation starttime=now duration=60 users=nobodyhere nodecnt=1
  step show-reservations alice scontrol show reservation
  step sinfo-reserved alice sinfo -T
  step sbatch-reservation alice sbatch --reservation=class --wrap hostname
  step sbatch-reservation-bad alice sbatch --reservation=nowhere --wrap hostname
  step update-reservation root scontrol update reservationname=class duration=90 nodecnt=2
  step delete-reservation root scontrol delete reservationname=maint
  sleep 1
  step delete-reservation-other root scontrol delete reservationname=class
}

triggers() {
  step strigger-set slurm strigger --set --node --down --program=/bin/true
  step strigger-get root strigger --get
  step strigger-clear slurm strigger --clear --id=1
}

lose_node() {
  step sbatch-on-lost alice sbatch -w n1 -J lost --no-requeue --wrap 'sleep 300'
  sleep 2
  mark node-lost "slurmd of n1 is stopped with SIGKILL"
  "$cluster" kill "$name" n1
  sleep 25
  step sinfo-lost alice sinfo -N -l
  step show-lost alice scontrol show node n1
  mark node-back "slurmd of n1 starts again"
  "$cluster" start "$name" n1 "$release"
  sleep 4
  step squeue-lost alice squeue -t all
}

restart_controller() {
  step sbatch-over-restart alice sbatch -w n2 -J over --wrap 'sleep 6'
  sleep 1.5
  mark controller-killed "slurmctld is stopped with SIGKILL; its job ends meanwhile"
  "$cluster" kill "$name" controller
  sleep 7
  mark controller-back "slurmctld starts again"
  "$cluster" start "$name" controller "$release"
  sleep 18
  step squeue-over alice squeue -t all
  mark slurmd-stop "slurmd of n3 ends by SIGTERM"
  "$cluster" stop "$name" n3
  sleep 1
}
