/** The command that the build runs. */
package baton.protocol.generator;
