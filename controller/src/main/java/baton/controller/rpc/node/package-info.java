/** What slurmd and slurmstepd tell the controller. */
package baton.controller.rpc.node;
