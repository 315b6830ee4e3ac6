/**
 * The recorder: turns a packet capture of real Slurm programs into golden files.
 *
 * <p>It knows frames and headers only, and reads them with code of its own: what the generated
 * codec believes must not decide what counts as evidence against it.
 */
package baton.protocol.record;
