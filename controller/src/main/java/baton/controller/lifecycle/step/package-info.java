/**
 * How a job's allocation is divided among its steps: which nodes, cores and memory a step gets, and
 * which of its tasks runs where.
 *
 * <p>Source of the behaviour: 22.05 src/slurmctld/step_mgr.c, src/common/slurm_step_layout.c.
 */
package baton.controller.lifecycle.step;
