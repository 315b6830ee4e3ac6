/** One handler per message: what comes in becomes a query of the snapshot or a command. */
package baton.controller.rpc;
