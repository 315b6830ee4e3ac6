/**
 * How controllers reach each other: one port with TLS 1.3, members known by certificates of the
 * cluster's own authority, and a door for those that have none yet (ADR 0032, ADR 0033). Netty and
 * Ratis' transport interface are hidden here.
 */
package baton.controller.replication.peer;
