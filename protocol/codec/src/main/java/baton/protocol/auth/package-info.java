/** Who speaks: credentials of messages, made and checked through munge, behind one interface. */
package baton.protocol.auth;
