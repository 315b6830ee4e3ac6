/** StateSaveLocation to records; damage is told, and what is whole is kept. */
package baton.importer.read;
