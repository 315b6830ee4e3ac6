package baton.controller.conf;

import baton.protocol.type.Uid;

/**
 * A user that slurm.conf names.
 *
 * @param name as there
 * @param uid its id on this host
 */
public record SlurmUser(String name, Uid uid) {}
