package baton.controller.conf;

/**
 * One SlurmctldHost.
 *
 * @param name its short host name
 * @param address where it listens
 */
public record ControllerHost(String name, String address) {}
