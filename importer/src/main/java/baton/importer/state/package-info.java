/** The files of a StateSaveLocation: which there are, what each holds, what may be wrong in one. */
package baton.importer.state;
