/**
 * Linearizability of what clients saw of a controller, or of a group of them: does some order of
 * the operations exist that agrees with real time and with what one job can do? After Wing and
 * Gong, with Lowe's memory of what was tried already. {@link baton.controller.linear.Linearizer}
 * knows nothing of jobs; {@link baton.controller.linear.JobModel} is one job as a client sees it.
 * Started by {@code bin/lib/linear}; nothing here needs more than the JDK.
 */
package baton.controller.linear;
