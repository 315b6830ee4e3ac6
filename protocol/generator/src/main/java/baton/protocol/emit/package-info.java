/** Writes values, codecs, samples and the reference from checked schemas, one emitter for each. */
package baton.protocol.emit;
