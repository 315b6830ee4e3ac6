#!/bin/bash
# task.sh KEY SECONDS CODE [LAST]: run by the jobs of the soak: a task of a step, of an array, or a batch script.
# Leaves a line in ran/KEY.RANK when it starts and in ended/KEY.RANK when it ends. The task of rank LAST exits
# with CODE, without LAST each; the others with 0.
key=$1 seconds=$2 code=$3 last=${4:-}
rank=${SLURM_ARRAY_TASK_ID:-${SLURM_PROCID:-0}}
cd "$HOME" || exit 199
echo "$SLURM_JOB_ID step ${SLURM_STEP_ID:-none} restart ${SLURM_RESTART_COUNT:-0} on ${SLURMD_NODENAME:-}" \
  "process $$ $(date +%T.%N)" >>"ran/$key.$rank"
echo "$key begins"
sleep "$seconds"
echo "$key ends"
echo "process $$ $(date +%T.%N)" >>"ended/$key.$rank"
[ "${last:-$rank}" = "$rank" ] || exit 0
exit "$code"
