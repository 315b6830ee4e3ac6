/** What a peer may be told went wrong, by number and release. */
package baton.protocol.error;
